package dev.sovereign.finance.sync;

import dev.sovereign.finance.Checkpoint;
import dev.sovereign.finance.Hash;
import dev.sovereign.finance.Header;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.Judgement;
import dev.sovereign.finance.LicenseRule;
import dev.sovereign.finance.LicenseVerifier;
import dev.sovereign.finance.MalformedException;
import dev.sovereign.finance.MerkleProof;
import dev.sovereign.finance.ProofFile;
import dev.sovereign.finance.RawTransaction;
import dev.sovereign.finance.Verdict;
import dev.sovereign.finance.electrum.ElectrumSession;
import dev.sovereign.finance.electrum.HistoryEntry;
import dev.sovereign.finance.electrum.ServerCoinbase;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Asks one Electrum server for one transaction and everything that shows where it is.
final class TransactionLook {

    /// Outputs whose history is asked for to learn a height. A payment has two or three.
    private static final int SCRIPTS = 8;

    /// Brings the chain up to what the server has, for the second try.
    interface Catchup {
        void run() throws IOException, InterruptedException;
    }

    /// What a server says about where a transaction is.
    ///
    /// @param height 0 when it is in no block
    private record Place(int height, String words) {}

    private final ElectrumSession session;
    private final LicenseRule rule;
    private final HeaderChain chain;
    private final LicenseVerifier verifier;
    private final String server;

    TransactionLook(ElectrumSession session, LicenseRule rule, HeaderChain chain, String server) {
        this.session = session;
        this.rule = rule;
        this.chain = chain;
        this.verifier = new LicenseVerifier(rule, chain);
        this.server = server;
    }

    /// @param height of its block as somebody says; 0 when nobody does
    /// @throws ServerException when the server lies or breaks
    Evidence at(Hash txid, int height, Catchup catchup) throws IOException, InterruptedException {
        byte[] raw;
        try {
            raw = session.transaction(txid);
        } catch (ServerException refused) {
            if (refused.error() != ServerError.REFUSAL) {
                throw refused;
            }
            return new Evidence(new Verdict.NotFound(List.of(server)), null, refused.words());
        }
        RawTransaction transaction = parsed(raw, txid);
        Judgement judgement = rule.judge(raw);
        if (!judgement.isMatch()) {
            // the server's word has no part in this: the bytes have the txid that was asked for
            return Evidence.of(new Verdict.NoMatch(txid, judgement.reasons(), judgement.hints()));
        }
        Evidence evidence = located(raw, transaction, height);
        if (isDoubtful(evidence.verdict())) {
            // between two answers there may have been a reorganization: once more, from the start
            catchup.run();
            evidence = located(raw, transaction, 0);
        }
        if (evidence.verdict() instanceof Verdict.Unverifiable doubt) {
            return explained(transaction, evidence, doubt);
        }
        return evidence;
    }

    private static boolean isDoubtful(Verdict verdict) {
        return verdict instanceof Verdict.Unverifiable;
    }

    private static RawTransaction parsed(byte[] raw, Hash txid) throws ServerException {
        try {
            RawTransaction transaction = RawTransaction.parse(raw);
            if (transaction.txid().equals(txid)) {
                return transaction;
            }
            throw ServerException.fault(
                    "it was asked for transaction " + txid + " and sent " + transaction.txid());
        } catch (MalformedException wrong) {
            throw ServerException.fault("it sent no transaction: " + wrong.getMessage());
        }
    }

    private Evidence located(byte[] raw, RawTransaction transaction, int height)
            throws IOException, InterruptedException {
        Place place = height > 0 ? new Place(height, "") : place(transaction);
        if (place.height() == 0) {
            int need = rule.terms().confirmationsFor(transaction);
            return new Evidence(
                    new Verdict.Pending(transaction.txid(), 0, need, null, null),
                    null,
                    place.words());
        }
        if (place.height() > chain.tip().height()) {
            return doubt(
                    Verdict.Cause.HEADER_MISSING,
                    "it is said to be in block "
                            + place.height()
                            + ", and there are blocks up to "
                            + chain.tip().height());
        }
        MerkleProof proof;
        ProofFile.Coinbase coinbase;
        try {
            proof = session.branch(transaction.txid(), place.height());
            coinbase = coinbase(place.height());
        } catch (ServerException refused) {
            if (refused.error() != ServerError.REFUSAL) {
                throw refused;
            }
            return doubt(Verdict.Cause.MERKLE, refused.words());
        }
        if (place.height() < chain.base()) {
            return early(raw, proof, coinbase);
        }
        Verdict verdict = verifier.verify(raw, proof, coinbase);
        boolean inChain = verdict instanceof Verdict.Valid || isBuried(verdict);
        return new Evidence(verdict, inChain ? verifier.brief(raw, proof, coinbase) : null, "");
    }

    private static boolean isBuried(Verdict verdict) {
        return verdict instanceof Verdict.Pending pending && pending.block() != null;
    }

    private static Evidence doubt(Verdict.Cause cause, String words) {
        return Evidence.of(new Verdict.Unverifiable(cause, words));
    }

    /// The first transaction of the block: null where the server does not know the question.
    private ProofFile.@Nullable Coinbase coinbase(int height)
            throws ServerException, InterruptedException {
        ServerCoinbase first;
        byte[] raw;
        try {
            first = session.coinbase(height);
            raw = session.transaction(first.txid());
        } catch (ServerException refused) {
            if (refused.error() == ServerError.REFUSAL) {
                return null;
            }
            throw refused;
        }
        parsed(raw, first.txid());
        return new ProofFile.Coinbase(raw, first.proof());
    }

    /// A block below what our chain holds: its headers have to lead into the next checkpoint.
    private Evidence early(byte[] raw, MerkleProof proof, ProofFile.@Nullable Coinbase coinbase)
            throws IOException, InterruptedException {
        int height = proof.height();
        Checkpoint exact = chain.checkpoints().at(height);
        Checkpoint next = exact != null ? exact : chain.checkpoints().above(height);
        if (next == null) {
            return doubt(
                    Verdict.Cause.ANCHOR,
                    "block " + height + " is below all that this program knows");
        }
        int count = Math.max(1, next.height() - height);
        byte[] headers = session.headers(height, count);
        if (headers.length != count * Header.BYTES) {
            throw ServerException.fault("it shows no headers from block " + height + " on");
        }
        ProofFile file =
                new ProofFile(
                        chain.network(),
                        raw,
                        proof,
                        coinbase,
                        height,
                        headers,
                        new ProofFile.Anchor(next.height(), next.hash()));
        return new Evidence(verifier.verify(file), file, "");
    }

    /// Learns the height from the histories of the outputs' scripts: first those that are not the
    /// developer's, whose history is everyone's and may be too long for any server.
    private Place place(RawTransaction transaction) throws ServerException, InterruptedException {
        byte[] developer = rule.terms().address().script();
        List<byte[]> scripts = new ArrayList<>();
        for (RawTransaction.Output output : transaction.outputs()) {
            boolean isSpendable = output.script().length > 0 && output.script()[0] != OP_RETURN;
            if (isSpendable && scripts.stream().noneMatch(s -> same(s, output.script()))) {
                scripts.add(output.script());
            }
        }
        scripts.sort(Comparator.comparing(script -> same(script, developer)));
        String words = "";
        for (byte[] script : scripts.subList(0, Math.min(SCRIPTS, scripts.size()))) {
            try {
                for (HistoryEntry entry : session.history(script)) {
                    if (entry.txid().equals(transaction.txid())) {
                        return new Place(Math.max(0, entry.height()), "");
                    }
                }
            } catch (ServerException refused) {
                if (refused.error() != ServerError.HISTORY_TOO_LARGE
                        && refused.error() != ServerError.REFUSAL) {
                    throw refused;
                }
                words = "the server does not say in which block it is: pass --height";
            }
        }
        return new Place(0, words);
    }

    private static final byte OP_RETURN = 0x6a;

    private static boolean same(byte[] a, byte[] b) {
        return java.util.Arrays.equals(a, b);
    }

    /// After the second try: is the server on another branch, or does it lie?
    private Evidence explained(
            RawTransaction transaction, Evidence evidence, Verdict.Unverifiable doubt)
            throws IOException, InterruptedException {
        Place place = place(transaction);
        Header ours = place.height() > 0 ? chain.at(place.height()) : null;
        if (ours != null) {
            byte[] theirs = session.headers(place.height(), 1);
            if (theirs.length == Header.BYTES && !Header.of(theirs).equals(ours)) {
                int need = rule.terms().confirmationsFor(transaction);
                return new Evidence(
                        new Verdict.Pending(
                                transaction.txid(), 0, need, null, Header.of(theirs).hash()),
                        null,
                        "its block " + place.height() + " is not in the chain with the most work");
            }
        }
        if (doubt.cause() == Verdict.Cause.MERKLE || doubt.cause() == Verdict.Cause.ANCHOR) {
            throw ServerException.fault("its proof does not hold: " + doubt.detail());
        }
        return evidence;
    }
}
