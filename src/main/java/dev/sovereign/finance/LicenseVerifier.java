package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Judges proofs: the rule on the transaction, the transaction in its block, the block in the chain
/// with the most work. What the headers of a proof show is taken into the chain, so a chain that
/// shall stay as it is has to be copied first ([HeaderStore#read]). Any thread.
public final class LicenseVerifier {

    private final LicenseRule rule;
    private final HeaderChain chain;

    /// @param chain what is known; it may hold no more than the last checkpoint
    public LicenseVerifier(LicenseRule rule, HeaderChain chain) {
        this.rule = rule;
        this.chain = chain;
        if (chain.network() != rule.terms().network()) {
            throw new IllegalArgumentException("terms and chain of two networks");
        }
    }

    /// Judges a proof file.
    ///
    /// @throws IOException if its headers could not be kept
    public Verdict verify(ProofFile proof) throws IOException {
        return verify(proof, Step.Trail.NONE);
    }

    /// Judges a proof that was verified here before and has been kept. Unlike with a stranger's,
    /// its word is taken that its block was in the chain: when another block is there now, a
    /// reorganization has dropped it.
    ///
    /// @throws IOException if its headers could not be kept
    public Verdict verifyKept(ProofFile proof, Step.Trail trail) throws IOException {
        Verdict verdict = verify(proof, trail);
        int height = proof.proof().height();
        Hash block = proof.block().hash();
        Hash now = chain.hash(height);
        if (verdict instanceof Verdict.Unverifiable unclear
                && unclear.cause() == Verdict.Cause.ANCHOR
                && now != null
                && !now.equals(block)) {
            Judged judged = judge(proof.raw(), Step.Trail.NONE);
            return judged.verdict() != null
                    ? judged.verdict()
                    : new Verdict.Pending(
                            judged.need().txid(),
                            0,
                            rule.terms().confirmationsFor(judged.need()),
                            null,
                            block);
        }
        return verdict;
    }

    /// Judges a proof file and tells each check.
    ///
    /// @throws IOException if its headers could not be kept
    public Verdict verify(ProofFile proof, Step.Trail trail) throws IOException {
        Network network = rule.terms().network();
        boolean sameNetwork = proof.network() == network;
        trail.step(
                "network",
                sameNetwork,
                () -> List.of("proof: " + proof.network(), "configured: " + network));
        if (!sameNetwork) {
            return new Verdict.Unverifiable(
                    Verdict.Cause.NETWORK,
                    "it is of " + proof.network() + ", and license.network is " + network);
        }
        Judged judged = judge(proof.raw(), trail);
        if (judged.verdict() != null) {
            return judged.verdict();
        }
        RawTransaction transaction = judged.need();
        Verdict headers = headers(proof, transaction, trail);
        if (headers != null) {
            return headers;
        }
        return bury(
                transaction,
                judged.paidSats(),
                proof.block(),
                proof.proof(),
                proof.coinbase(),
                trail);
    }

    /// Judges a transaction whose block is in the chain.
    ///
    /// @param coinbase the block's first transaction; null when the source has none to give
    public Verdict verify(byte[] raw, MerkleProof proof, ProofFile.@Nullable Coinbase coinbase) {
        Judged judged = judge(raw, Step.Trail.NONE);
        if (judged.verdict() != null) {
            return judged.verdict();
        }
        Header block = chain.at(proof.height());
        if (block == null
                || (proof.height() < chain.checkpoints().last().height()
                        && chain.tip().height() < chain.checkpoints().last().height())) {
            return new Verdict.Unverifiable(
                    Verdict.Cause.HEADER_MISSING, "there is no header at " + proof.height());
        }
        return bury(judged.need(), judged.paidSats(), block, proof, coinbase, Step.Trail.NONE);
    }

    /// Either a verdict, or a transaction that the rule holds for.
    private record Judged(
            @Nullable Verdict verdict, @Nullable RawTransaction transaction, long paidSats) {
        RawTransaction need() {
            return java.util.Objects.requireNonNull(transaction);
        }
    }

    private Judged judge(byte[] raw, Step.Trail trail) {
        Judgement judgement = rule.judge(raw);
        RawTransaction transaction = judgement.transaction();
        trail.step(
                "transaction",
                transaction != null,
                () ->
                        transaction == null
                                ? List.of(raw.length + " bytes that are no transaction")
                                : List.of(
                                        raw.length + " bytes, SHA-256 twice without witness",
                                        "txid: " + transaction.txid()));
        if (transaction == null) {
            return new Judged(
                    new Verdict.Unverifiable(
                            Verdict.Cause.MALFORMED, "its transaction cannot be parsed"),
                    null,
                    0);
        }
        trailRule(transaction, judgement, trail);
        if (!judgement.isMatch()) {
            return new Judged(
                    new Verdict.NoMatch(transaction.txid(), judgement.reasons(), judgement.hints()),
                    null,
                    0);
        }
        return new Judged(null, transaction, judgement.paidSats());
    }

    private void trailRule(RawTransaction transaction, Judgement judgement, Step.Trail trail) {
        HexFormat hex = HexFormat.of();
        LicenseTerms terms = rule.terms();
        trail.step(
                "payment",
                !judgement.reasons().contains(Reason.PAYMENT_MISSING)
                        && !judgement.reasons().contains(Reason.PAYMENT_TOO_SMALL)
                        && !judgement.reasons().contains(Reason.VALUE_RANGE),
                () -> {
                    List<String> lines = new ArrayList<>();
                    lines.add("address: " + terms.address());
                    lines.add("script: " + hex.formatHex(terms.address().script()));
                    lines.add("price: " + terms.requiredSats() + " sats");
                    for (int i = 0; i < transaction.outputs().size(); i++) {
                        RawTransaction.Output output = transaction.outputs().get(i);
                        if (terms.address().isPaidBy(output.script())) {
                            lines.add("output " + i + ": " + output.value() + " sats");
                        }
                    }
                    return lines;
                });
        trail.step(
                "binding",
                !judgement.reasons().contains(Reason.BINDING_MISSING)
                        && !judgement.reasons().contains(Reason.BINDING_MISMATCH),
                () -> {
                    List<String> lines = new ArrayList<>();
                    lines.add("payload: " + rule.payload());
                    for (int i = 0; i < transaction.outputs().size(); i++) {
                        byte[] script = transaction.outputs().get(i).script();
                        if (script.length > 0 && script[0] == 0x6a) {
                            lines.add(
                                    "output "
                                            + i
                                            + ": "
                                            + hex.formatHex(
                                                    script, 0, Math.min(script.length, 80)));
                        }
                    }
                    return lines;
                });
    }

    /// Takes the proof's headers into the chain, or follows them to a checkpoint.
    ///
    /// @return null when the block is in the chain
    private @Nullable Verdict headers(ProofFile proof, RawTransaction transaction, Step.Trail trail)
            throws IOException {
        ProofFile.Anchor anchor = proof.anchor();
        Hash known = known(anchor.height());
        boolean anchored = anchor.hash().equals(known);
        trail.step(
                "anchor",
                anchored,
                () ->
                        List.of(
                                "block " + anchor.height() + " of the proof: " + anchor.hash(),
                                "known here: " + (known == null ? "none" : known)));
        // a block that was dropped is still a branch that can be weighed
        boolean isBranch = proof.start() > chain.checkpoints().last().height();
        if (!anchored && !isBranch) {
            return new Verdict.Unverifiable(
                    Verdict.Cause.ANCHOR,
                    "it stands on block "
                            + anchor.height()
                            + ", "
                            + (known == null
                                    ? "which is neither a checkpoint nor in the headers here"
                                    : "which is another one here"));
        }
        int height = proof.proof().height();
        Hash block = proof.block().hash();
        Checkpoint last = chain.checkpoints().last();
        if (height < last.height()
                && !(chain.tip().height() >= last.height() && block.equals(chain.hash(height)))) {
            return belowCheckpoint(proof, trail);
        }
        int from = Math.max(proof.start(), chain.base());
        byte[] run =
                from == proof.start()
                        ? proof.headers()
                        : Arrays.copyOfRange(
                                proof.headers(),
                                (from - proof.start()) * Header.BYTES,
                                proof.headers().length);
        Acceptance outcome = chain.accept(run);
        Verdict fault =
                switch (outcome) {
                    case Acceptance.Rejected rejected ->
                            new Verdict.Unverifiable(
                                    Verdict.Cause.HEADERS,
                                    rejected.fault() + ": " + rejected.detail());
                    case Acceptance.Orphan orphan ->
                            new Verdict.Unverifiable(
                                    Verdict.Cause.ANCHOR,
                                    "its headers follow block "
                                            + orphan.parent()
                                            + ", which is neither a checkpoint nor in the headers"
                                            + " here");
                    case Acceptance.Extended _, Acceptance.Reorganized _, Acceptance.Unchanged _ ->
                            null;
                };
        trail.step(
                "headers",
                fault == null,
                () ->
                        List.of(
                                proof.count()
                                        + " headers, blocks "
                                        + proof.start()
                                        + " to "
                                        + proof.end(),
                                "each follows the one before, has the bits that the rule gives, the"
                                        + " work that they ask for, and a time that can be",
                                "tip here: block "
                                        + chain.tip().height()
                                        + " "
                                        + chain.tip().hash()));
        if (fault != null) {
            return fault;
        }
        boolean inChain = block.equals(chain.hash(height));
        trail.step(
                "best chain",
                inChain,
                () ->
                        List.of(
                                "block " + height + " of the proof: " + block,
                                "with the most work here: " + chain.hash(height)));
        return inChain
                ? null
                : new Verdict.Pending(
                        transaction.txid(),
                        0,
                        rule.terms().confirmationsFor(transaction),
                        null,
                        block);
    }

    /// Hash of what is known at a height; null when nothing is.
    private @Nullable Hash known(int height) {
        Hash held = chain.hash(height);
        if (held != null) {
            return held;
        }
        Checkpoint checkpoint = chain.checkpoints().at(height);
        return checkpoint == null ? null : checkpoint.hash();
    }

    /// Below the last checkpoint, headers count only when they lead into the next one: what follows
    /// an early checkpoint costs nothing to make.
    private @Nullable Verdict belowCheckpoint(ProofFile proof, Step.Trail trail) {
        int height = proof.proof().height();
        Checkpoint exact = chain.checkpoints().at(height);
        Checkpoint next = exact != null ? exact : chain.checkpoints().above(height);
        String problem = "";
        if (next == null || next.height() > proof.end() + 1) {
            problem =
                    "its headers do not reach the checkpoint after block "
                            + height
                            + (next == null ? "" : ", " + next.height());
        } else {
            Hash expected = next.hash();
            for (int at = next.height(); at >= height; at--) {
                if (at <= proof.end()) {
                    Header header = Header.at(proof.headers(), (at - proof.start()) * Header.BYTES);
                    if (!header.hash().equals(expected)) {
                        problem = "header " + at + " does not lead to the checkpoint";
                        break;
                    }
                    expected = header.prev();
                } else {
                    expected = next.header().prev();
                }
            }
        }
        String words = problem;
        trail.step(
                "headers",
                words.isEmpty(),
                () ->
                        List.of(
                                proof.count()
                                        + " headers, blocks "
                                        + proof.start()
                                        + " to "
                                        + proof.end(),
                                words.isEmpty()
                                        ? "they lead into the checkpoint at "
                                                + (next == null ? "" : next.height())
                                        : words));
        return words.isEmpty() ? null : new Verdict.Unverifiable(Verdict.Cause.ANCHOR, words);
    }

    /// @param block whose header is in the chain
    private Verdict bury(
            RawTransaction transaction,
            long paidSats,
            Header block,
            MerkleProof proof,
            ProofFile.@Nullable Coinbase coinbase,
            Step.Trail trail) {
        Optional<String> fault = proof.fault(transaction.txid(), block.merkleRoot());
        trail.step(
                "Merkle proof",
                fault.isEmpty(),
                () -> {
                    List<String> lines = new ArrayList<>();
                    lines.add("position " + proof.position() + " of block " + proof.height());
                    proof.branch().forEach(sibling -> lines.add("sibling: " + sibling));
                    lines.add("root in the header: " + block.merkleRoot());
                    fault.ifPresent(lines::add);
                    return lines;
                });
        if (fault.isPresent()) {
            return new Verdict.Unverifiable(Verdict.Cause.MERKLE, fault.get());
        }
        if (coinbase != null) {
            Optional<String> depth = coinbaseFault(coinbase, block, proof);
            trail.step(
                    "depth of the tree",
                    depth.isEmpty(),
                    () ->
                            List.of(
                                    depth.orElse(
                                            "the first transaction is as deep: "
                                                    + proof.branch().size()
                                                    + " levels")));
            if (depth.isPresent()) {
                return new Verdict.Unverifiable(Verdict.Cause.MERKLE, depth.get());
            }
        }
        int confirmations = chain.tip().height() - proof.height() + 1;
        int need = rule.terms().confirmationsFor(transaction);
        trail.step(
                "depth of the block",
                confirmations >= need,
                () -> List.of(confirmations + " confirmations of " + need));
        Hash hash = block.hash();
        return confirmations >= need
                ? new Verdict.Valid(
                        transaction.txid(), proof.height(), hash, confirmations, paidSats)
                : new Verdict.Pending(
                        transaction.txid(), Math.max(0, confirmations), need, hash, null);
    }

    private static Optional<String> coinbaseFault(
            ProofFile.Coinbase coinbase, Header block, MerkleProof proof) {
        if (coinbase.proof().branch().size() != proof.branch().size()) {
            return Optional.of("the block's first transaction is at another depth of the tree");
        }
        if (coinbase.proof().position() != 0 || coinbase.proof().height() != proof.height()) {
            return Optional.of("what should be the block's first transaction is another");
        }
        try {
            RawTransaction first = RawTransaction.parse(coinbase.raw());
            if (!first.isCoinbase()) {
                return Optional.of("what should be the block's first transaction makes no coins");
            }
            return coinbase.proof()
                    .fault(first.txid(), block.merkleRoot())
                    .map(wrong -> "the block's first transaction: " + wrong);
        } catch (MalformedException wrong) {
            return Optional.of("the block's first transaction: " + wrong.getMessage());
        }
    }

    /// A proof that stands on a checkpoint, for a reader who has nothing but this program.
    ///
    /// @param proof that a verdict was reached with
    /// @return null when the chain does not reach from a checkpoint to the block, or the file would
    ///   be too large
    public @Nullable ProofFile portable(ProofFile proof) {
        int height = proof.proof().height();
        Checkpoints checkpoints = chain.checkpoints();
        if (checkpoints.at(proof.anchor().height()) != null
                && (proof.anchor().height() > height
                        || proof.anchor().height() == checkpoints.last().height())) {
            return proof;
        }
        Checkpoint above = checkpoints.above(height - 1);
        if (above != null && chain.hash(height) != null && chain.hash(above.height()) != null) {
            int count = Math.max(1, above.height() - height);
            return new ProofFile(
                    proof.network(),
                    proof.raw(),
                    proof.proof(),
                    proof.coinbase(),
                    height,
                    chain.bytes(height, count),
                    new ProofFile.Anchor(above.height(), above.hash()));
        }
        Checkpoint below = checkpoints.atOrBelow(height);
        if (below == null || chain.hash(below.height()) == null || chain.hash(height) == null) {
            return null;
        }
        int deep = Math.max(rule.terms().minConfirmations(), FinanceLimits.COINBASE_CONFIRMATIONS);
        long count = (long) height - below.height() + deep;
        if (count > FinanceLimits.MAX_RUN_HEADERS) {
            return null;
        }
        return new ProofFile(
                proof.network(),
                proof.raw(),
                proof.proof(),
                proof.coinbase(),
                below.height(),
                chain.bytes(below.height(), (int) count),
                new ProofFile.Anchor(below.height(), below.hash()));
    }

    /// A proof that stands on the chain's own header of the block: what is kept beside it.
    ///
    /// @return null when the chain does not hold the block
    public @Nullable ProofFile brief(
            byte[] raw, MerkleProof proof, ProofFile.@Nullable Coinbase coinbase) {
        Hash block = chain.hash(proof.height());
        if (block == null) {
            return null;
        }
        return new ProofFile(
                chain.network(),
                raw,
                proof,
                coinbase,
                proof.height(),
                chain.bytes(proof.height(), 1),
                new ProofFile.Anchor(proof.height(), block));
    }
}
