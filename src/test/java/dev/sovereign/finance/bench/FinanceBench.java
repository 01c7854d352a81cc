package dev.sovereign.finance.bench;

import dev.sovereign.finance.Acceptance;
import dev.sovereign.finance.Checkpoints;
import dev.sovereign.finance.Header;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.LicenseRule;
import dev.sovereign.finance.LicenseTerms;
import dev.sovereign.finance.LicenseVerifier;
import dev.sovereign.finance.MachineId;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.Payload;
import dev.sovereign.finance.PaymentAddress;
import dev.sovereign.finance.ProofFile;
import dev.sovereign.finance.ProofJson;
import dev.sovereign.finance.RegtestMiner;
import dev.sovereign.finance.Verdict;

import org.bitcoinj.base.BitcoinNetwork;
import org.bitcoinj.core.Block;
import org.bitcoinj.core.BlockChain;
import org.bitcoinj.core.Context;
import org.bitcoinj.core.NetworkParameters;
import org.bitcoinj.params.MainNetParams;
import org.bitcoinj.store.MemoryBlockStore;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Headers a second on one thread, ours and bitcoinj's side by side in one run, in the processor
/// time of that thread, so that a busy machine counts for neither; and the time of a stored license
/// that is judged again. `bench/finance` calls it with a file of headers of mainnet from the
/// genesis block on.
public final class FinanceBench {
    private FinanceBench() {}

    private static final int ROUNDS = 81;

    public static void main(String[] args) throws Exception {
        PrintStream out = System.err;
        if (args[0].equals("proof")) {
            Files.write(Path.of(args[1]), ProofJson.write(proof(Integer.parseInt(args[2]))));
            return;
        }
        byte[] headers = Files.readAllBytes(Path.of(args[0]));
        int count = headers.length / Header.BYTES - 1;
        NetworkParameters mainnet = MainNetParams.get();
        Context.propagate(new Context());
        List<Long> ours = new ArrayList<>();
        List<Long> theirs = new ArrayList<>();
        List<Long> hashes = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ours.add(ours(headers));
            hashes.add(hashes(headers));
            if (round % 4 == 0) {
                theirs.add(theirs(headers, mainnet));
            }
        }
        long our = rate(count, ours);
        long their = rate(count, theirs);
        out.println("headers: " + count + " of " + args[0]);
        out.println("ours, link + bits + work + time + index: " + our + " a second");
        out.println("bitcoinj BlockChain + MemoryBlockStore:  " + their + " a second");
        out.printf("ratio %.1f%n", (double) our / their);
        out.println("both SHA-256 of each, nothing else:       " + rate(count, hashes));
        license(out);
    }

    /// A license of the machine and the price that `bench/license` configures, halfway up a chain.
    private static ProofFile proof(int blocks) {
        PaymentAddress address =
                PaymentAddress.parse(
                        Network.REGTEST, "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080");
        Payload payload =
                MachineId.of("5e0c6f1d2b7a49c8a3d1e4f6b9087c21", "the benchmark").payload();
        byte[] raw = RegtestMiner.payment(address, 50_000, payload);
        return RegtestMiner.mined(raw, blocks, blocks / 2);
    }

    private static long rate(int count, List<Long> nanos) {
        // the second half: warm
        long[] warm =
                nanos.subList(nanos.size() / 2, nanos.size()).stream()
                        .mapToLong(Long::longValue)
                        .sorted()
                        .toArray();
        return (long) (count * 1e9 / warm[warm.length / 2]);
    }

    private static long cpu() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long ours(byte[] headers) throws Exception {
        HeaderChain chain =
                HeaderChain.inMemory(
                        Network.MAINNET,
                        Checkpoints.genesisOnly(Network.MAINNET),
                        () -> Instant.ofEpochSecond(1_800_000_000));
        long start = cpu();
        for (int at = 0; at < headers.length; at += 2016 * Header.BYTES) {
            byte[] run =
                    Arrays.copyOfRange(
                            headers, at, Math.min(headers.length, at + 2016 * Header.BYTES));
            if (!(chain.accept(run) instanceof Acceptance.Extended)) {
                throw new AssertionError("refused at " + at);
            }
        }
        return cpu() - start;
    }

    /// The floor: what the JDK takes to hash them.
    private static long hashes(byte[] headers) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        byte[] digest = new byte[32];
        long start = cpu();
        for (int at = Header.BYTES; at < headers.length; at += Header.BYTES) {
            sha.update(headers, at, Header.BYTES);
            sha.digest(digest, 0, digest.length);
            sha.update(digest, 0, digest.length);
            sha.digest(digest, 0, digest.length);
        }
        return cpu() - start;
    }

    private static long theirs(byte[] headers, NetworkParameters network) throws Exception {
        BlockChain chain =
                new BlockChain(
                        BitcoinNetwork.MAINNET, new MemoryBlockStore(network.getGenesisBlock()));
        long start = cpu();
        for (int at = Header.BYTES; at < headers.length; at += Header.BYTES) {
            ByteBuffer bytes = ByteBuffer.allocate(Header.BYTES + 1);
            bytes.put(headers, at, Header.BYTES).put((byte) 0).flip();
            if (!chain.add(Block.read(bytes))) {
                throw new AssertionError("refused at " + at);
            }
        }
        return cpu() - start;
    }

    private static void license(PrintStream out) throws Exception {
        Payload payload = Payload.ofHex("11".repeat(32));
        PaymentAddress address =
                PaymentAddress.parse(
                        Network.REGTEST, "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080");
        LicenseTerms terms = new LicenseTerms(Network.REGTEST, address, 50_000, 6);
        byte[] raw = RegtestMiner.payment(address, 50_000, payload);
        ProofFile proof = RegtestMiner.mined(raw, 100_000, 50_000);
        HeaderChain chain =
                HeaderChain.inMemory(
                        Network.REGTEST,
                        Checkpoints.genesisOnly(Network.REGTEST),
                        () -> Instant.ofEpochSecond(1_900_000_000));
        LicenseVerifier verifier = new LicenseVerifier(new LicenseRule(terms, payload), chain);
        byte[] json = ProofJson.write(proof);
        if (!(verifier.verify(ProofJson.read(json)) instanceof Verdict.Valid)) {
            throw new AssertionError("not valid");
        }
        byte[] kept =
                ProofJson.write(
                        java.util.Objects.requireNonNull(verifier.brief(raw, proof.proof(), null)));
        long[] times = new long[5_000];
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            Verdict verdict = verifier.verify(ProofJson.read(kept));
            times[i] = System.nanoTime() - start;
            if (!(verdict instanceof Verdict.Valid)) {
                throw new AssertionError(verdict);
            }
        }
        Arrays.sort(times);
        out.printf(
                "stored license read and judged again, chain of 100,000 headers: median %.3f ms,"
                        + " 99%% %.3f ms%n",
                times[times.length / 2] / 1e6, times[times.length * 99 / 100] / 1e6);
        long[] whole = new long[21];
        for (int i = 0; i < whole.length; i++) {
            HeaderChain fresh =
                    HeaderChain.inMemory(
                            Network.REGTEST,
                            Checkpoints.genesisOnly(Network.REGTEST),
                            () -> Instant.ofEpochSecond(1_900_000_000));
            long start = cpu();
            Verdict verdict =
                    new LicenseVerifier(new LicenseRule(terms, payload), fresh)
                            .verify(ProofJson.read(json));
            whole[i] = cpu() - start;
            if (!(verdict instanceof Verdict.Valid)) {
                throw new AssertionError(verdict);
            }
        }
        Arrays.sort(whole);
        out.printf(
                "proof file of 100,000 headers (%d bytes) read and verified: median %.1f ms%n",
                json.length, whole[whole.length / 2] / 1e6);
    }
}
