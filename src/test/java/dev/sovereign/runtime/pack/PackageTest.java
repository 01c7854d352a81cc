package dev.sovereign.runtime.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

class PackageTest {

    private static final byte[] MODULE = Packages.EMPTY_MODULE;

    private static final String FULL =
            """
            description = "watches disks"
            [[tools]]
            name = "check"
            input = { type = "object", properties = { host = { type = "string" } } }
            [[tools]]
            name = "report"
            [capabilities]
            read = ["disk(host, mount, bytes)"]
            write = ["alert"]
            files = [{ path = "/var/log/app", mode = "r" }]
            env = ["LANG"]
            clock = "real"
            random = "seed:7"
            [limits]
            fuel = 1_000_000_000
            memory_mib = 32
            timeout_ms = 10_000
            [license]
            address = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
            sats = 50_000
            network = "mainnet"
            """;

    private static String code(String manifest) {
        return assertThrows(
                        SovereignException.class,
                        () -> ManifestReader.read(manifest.getBytes(StandardCharsets.UTF_8)))
                .first()
                .code();
    }

    private static String with(String rest) {
        return Packages.manifest("disk-watch", "1.2.0", MODULE, rest);
    }

    @Test
    void readsEveryKey() {
        Manifest manifest = Packages.of(with(FULL), MODULE).manifest();
        assertEquals("disk-watch", manifest.name());
        assertEquals("1.2.0", manifest.version().toString());
        assertEquals(
                List.of("check", "report"),
                manifest.tools().stream().map(Manifest.Tool::name).toList());
        assertEquals("object", manifest.tools().getFirst().input().get("type"));
        assertEquals(
                List.of(
                        "read=disk(host, mount, bytes)",
                        "write=alert",
                        "files=r:/var/log/app",
                        "env=LANG",
                        "clock=real"),
                manifest.capabilities().stream().map(Capability::text).toList());
        assertNull(manifest.clock());
        assertEquals(7, manifest.seed());
        assertEquals(1_000_000_000L, manifest.limits().fuel());
        assertNull(manifest.limits().depth());
        assertEquals(50_000, requireNonNull(manifest.license()).sats());
        for (Capability capability : manifest.capabilities()) {
            assertEquals(capability, Capability.parse(capability.text()));
        }
    }

    @Test
    void aManifestWithoutCapabilitiesIsPureAndReproducible() {
        Manifest manifest = Packages.of(with(""), MODULE).manifest();
        assertTrue(manifest.isPure());
        assertEquals(Manifest.STANDARD_CLOCK, manifest.clock());
        assertEquals(Manifest.STANDARD_SEED, manifest.seed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x = 1",
                "[capabilities]\nfile = []",
                "[capabilities]\nclock = \"fixed:soon\"",
                "[capabilities]\nrandom = \"dice\"",
                "[capabilities]\nread = \"disk(x)\"",
                "[limits]\nfuel = -1",
                "[limits]\nfuel = 1.5",
                "[limits]\nfuel = 99999999999999999999",
                "[limits]\nfuel = \"1\"",
                "license.sats = 1",
                "[publisher]\nkey = \"00\"",
                "[[tools]]\nname = \"a b\"",
                "[[tools]]\nname = \"a\"\n[[tools]]\nname = \"a\"",
                "description = 1",
                "name = \"again\"",
                "no toml",
                "tools = 5",
                "[capabilities]\nfiles = [{ path = \"/a\", mode = \"x\" }]",
                "[capabilities]\nenv = [\"A\", \"A\"]"
            })
    void refusesWhatItDoesNotUnderstand(String rest) {
        assertEquals("skill.manifest", code(with(rest)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "files = [{ path = \"logs\" }]",
                "files = [{ path = \"/a/../b\" }]",
                "files = [{ path = \"/a//b\" }]",
                "files = [{ path = \"/a/\" }]",
                "files = [{ path = \"/a\\u0000b\" }]",
                "read = [\"disk\"]",
                "read = [\"disk()\"]",
                "read = [\"disk(x, 1y)\"]",
                "read = [\"disk(x), other(y)\"]",
                "write = [\"alert(x)\"]",
                "write = [\"sys_run\"]",
                "env = [\"A=B\"]"
            })
    void refusesCapabilitiesThatSayMoreThanTheyShould(String rest) {
        assertEquals("skill.capability", code(with("[capabilities]\n" + rest)));
    }

    @Test
    void refusesNamesVersionsAndFilesThatCouldLeadElsewhere() {
        for (String[] change :
                new String[][] {
                    {"\"disk-watch\"", "\"../x\""},
                    {"\"disk-watch\"", "\"Disk\""},
                    {"\"1.2.0\"", "\"1.2\""},
                    {"\"1.2.0\"", "\"01.2.0\""},
                    {"\"m.wasm\"", "\"../m.wasm\""},
                    {"\"m.wasm\"", "\"a/m.wasm\""},
                    {"\"m.wasm\"", "\".wasm\""},
                    {"\"wasi-command\"", "\"component\""}
                }) {
            assertEquals("skill.manifest", code(with("").replace(change[0], change[1])), change[1]);
        }
    }

    @Test
    void deepTextsEndAsFaults() {
        for (String deep :
                List.of(
                        "description = " + "[".repeat(30_000),
                        "[[tools]]\nname = \"a\"\ninput = " + "{a=".repeat(10_000),
                        "a" + ".a".repeat(20_000) + " = 1",
                        "[a" + ".a".repeat(20_000) + "]",
                        ("[[tools]]\nname = \"a\"\ninput" + ".a".repeat(900) + " = 1"))) {
            assertEquals("skill.manifest", code(with(deep)));
        }
    }

    @Test
    void aChangedByteOfTheModuleIsRefused() {
        byte[] changed = MODULE.clone();
        changed[7] ^= 1;
        String manifest = with("");
        assertEquals(
                "skill.hash",
                assertThrows(SovereignException.class, () -> Packages.of(manifest, changed))
                        .first()
                        .code());
    }

    @Test
    void aSignatureHoldsForExactlyItsManifest() {
        KeyPair key = Packages.key();
        String signed = Packages.signed(with(FULL), key);
        assertEquals(64, Packages.of(signed, MODULE).manifest().publisherKey().length());
        // the same manifest, written in another way, is the same manifest
        Packages.of("# a comment\n" + signed.replace("1_000_000_000", "1000000000"), MODULE);
        for (String[] change :
                new String[][] {
                    {"alert", "alarm"},
                    {"1.2.0", "1.2.1"},
                    {"50_000", "50_001"},
                    {"watches", "Watches"}
                }) {
            String changed = signed.replace(change[0], change[1]);
            assertEquals(
                    "skill.signature",
                    assertThrows(SovereignException.class, () -> Packages.of(changed, MODULE))
                            .first()
                            .code(),
                    change[1]);
        }
        String other = Packages.signed(with(FULL), Packages.key());
        String mixed =
                signed.substring(0, signed.indexOf("signature"))
                        + other.substring(other.indexOf("signature"));
        assertThrows(SovereignException.class, () -> Packages.of(mixed, MODULE));
    }

    @Test
    void theCanonicalFormIsWhatTheDocumentSays() {
        assertEquals(
                "sovereign skill 1\n"
                    + "{\"a\":[true,{\"b\":\"\\u0001\\\"\\\\é\"}],\"publisher\":{\"key\":\"k\"},\"z\":-1}",
                new String(
                        Canonical.of(
                                java.util.Map.of(
                                        "z", -1L,
                                        "publisher", java.util.Map.of("key", "k", "signature", "s"),
                                        "a", List.of(true, java.util.Map.of("b", "\u0001\"\\é")))),
                        StandardCharsets.UTF_8));
    }

    @Test
    void readsAZipWithOrWithoutItsOneFolder() throws IOException {
        String manifest = with("");
        for (String folder : List.of("", "disk-watch-1.2.0/")) {
            byte[] zip =
                    Packages.zip(
                            folder + "m.wasm",
                            MODULE,
                            folder + "README",
                            "x",
                            folder + "skill.toml",
                            manifest);
            SkillPackage read = PackageReader.zip(new ByteArrayInputStream(zip));
            assertArrayEquals(MODULE, read.module());
            assertEquals("disk-watch", read.manifest().name());
        }
    }

    @Test
    void refusesHostileZips() {
        String manifest = with("");
        byte[] bomb = new byte[64 << 20];
        Object[] many = new Object[200];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = "f" + i;
            many[i + 1] = "";
        }
        for (byte[] zip :
                List.of(
                        new byte[0],
                        new byte[] {'P', 'K', 3, 4},
                        Packages.zip("skill.toml", manifest),
                        Packages.zip("m.wasm", MODULE),
                        Packages.zip("skill.toml", manifest, "m.wasm", bomb),
                        Packages.zip("bomb", bomb, "skill.toml", manifest, "m.wasm", MODULE),
                        Packages.zip(
                                "skill.toml", manifest, "a/skill.toml", manifest, "m.wasm", MODULE),
                        Packages.zip("../skill.toml", manifest, "m.wasm", MODULE),
                        Packages.zip("skill.toml", manifest, "m.wasm", MODULE, "/etc/x", ""),
                        Packages.zip("skill.toml", manifest, "m.wasm", MODULE, "a\\..\\b", ""),
                        Packages.zip(many))) {
            assertEquals(
                    "skill.package",
                    assertThrows(
                                    SovereignException.class,
                                    () -> PackageReader.zip(new ByteArrayInputStream(zip)))
                            .first()
                            .code());
        }
    }

    @Test
    void mutatedPackagesAreReadOrRefusedAndNothingElse() throws IOException {
        long seed = Long.getLong("sovereign.fuzz.seed", System.nanoTime());
        int rounds = Integer.getInteger("sovereign.fuzz.count", 3_000);
        Random random = new Random(seed);
        String signed = Packages.signed(with(FULL), Packages.key());
        byte[] zip = Packages.zip("skill.toml", signed, "m.wasm", MODULE);
        byte[] toml = signed.getBytes(StandardCharsets.UTF_8);
        int read = 0;
        for (int i = 0; i < rounds; i++) {
            byte[] changed = (i % 2 == 0 ? zip : toml).clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            if (random.nextInt(8) == 0) {
                changed = Arrays.copyOf(changed, random.nextInt(changed.length));
            }
            try {
                if (i % 2 == 0) {
                    PackageReader.zip(new ByteArrayInputStream(changed));
                } else {
                    ManifestReader.read(changed);
                }
                read++;
            } catch (SovereignException refused) {
                // as it should be
            } catch (RuntimeException | StackOverflowError crash) {
                throw new AssertionError("seed " + seed + " round " + i, crash);
            }
        }
        assertTrue(read < rounds, "nothing was refused");
    }

    @Test
    void versionsStandInTheOrderOfTheirRelease() {
        List<String> order =
                List.of(
                        "0.9.9",
                        "1.0.0-alpha",
                        "1.0.0-alpha.1",
                        "1.0.0-alpha.beta",
                        "1.0.0-beta.2",
                        "1.0.0-beta.11",
                        "1.0.0-rc.1",
                        "1.0.0",
                        "1.0.1",
                        "1.2.0",
                        "1.10.0",
                        "2.0.0");
        for (int i = 0; i < order.size(); i++) {
            for (int k = 0; k < order.size(); k++) {
                assertEquals(
                        Integer.signum(Integer.compare(i, k)),
                        Integer.signum(
                                requireNonNull(Version.parse(order.get(i)))
                                        .compareTo(requireNonNull(Version.parse(order.get(k))))),
                        order.get(i) + " " + order.get(k));
            }
        }
        for (String wrong :
                List.of(
                        "",
                        "1",
                        "1.2",
                        "1.2.3.4",
                        "v1.2.3",
                        "1.2.3-",
                        "1.2.3-01",
                        "1.2.3+b",
                        "1.2.9999999999")) {
            assertNull(Version.parse(wrong), wrong);
        }
    }

    @Test
    void aCapabilityCoversTheSameAndLessAndNothingMore() {
        record Case(String held, String asked, boolean covers) {}
        for (Case c :
                List.of(
                        new Case("read=d(a, b)", "read=d(x, y)", true),
                        new Case("read=d(a, b)", "read=d(x)", false),
                        new Case("read=d(a)", "write=d", false),
                        new Case("files=rw:/a", "files=r:/a", true),
                        new Case("files=r:/a", "files=rw:/a", false),
                        new Case("files=r:/a", "files=r:/a/b", true),
                        new Case("files=r:/a", "files=r:/ab", false),
                        new Case("files=r:/", "files=r:/a", true),
                        new Case("files=r:/a/b", "files=r:/a", false),
                        new Case("env=A", "env=AB", false),
                        new Case("clock=real", "random=real", false))) {
            assertEquals(
                    c.covers,
                    Capability.parse(c.held).covers(Capability.parse(c.asked)),
                    c.toString());
        }
        Manifest manifest = Packages.of(with(FULL), MODULE).manifest();
        assertEquals(
                List.of("env=LANG"),
                manifest
                        .beyond(
                                Set.of(
                                        Capability.parse("read=disk(a, b, c)"),
                                        Capability.parse("write=alert"),
                                        Capability.parse("files=rw:/var/log"),
                                        Capability.parse("clock=real")))
                        .stream()
                        .map(Capability::text)
                        .toList());
    }
}
