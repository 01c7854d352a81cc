package dev.sovereign.finance.electrum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Keys and certificates for a test, made by the JDK's keytool.
final class Certificates {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path folder;

    Certificates(Path folder) {
        this.folder = folder;
    }

    /// A key whose certificate nobody but itself signed.
    KeyStore selfSigned(String name) throws Exception {
        Path file = folder.resolve(name + ".p12");
        keytool(
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                file.toString());
        return load(file);
    }

    /// A key whose certificate `authority` signed for 127.0.0.1.
    KeyStore signed(String name, String authority) throws Exception {
        Path file = folder.resolve(name + ".p12");
        Path issuer = folder.resolve(authority + ".p12");
        if (!Files.exists(issuer)) {
            keytool(
                    "-genkeypair",
                    "-alias",
                    "key",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + authority,
                    "-ext",
                    "bc:c",
                    "-keystore",
                    issuer.toString());
        }
        Path authorityCertificate = folder.resolve(authority + ".cer");
        Path request = folder.resolve(name + ".csr");
        Path certificate = folder.resolve(name + ".cer");
        keytool(
                "-exportcert",
                "-alias",
                "key",
                "-file",
                authorityCertificate.toString(),
                "-keystore",
                issuer.toString());
        keytool(
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-keystore",
                file.toString());
        keytool(
                "-certreq",
                "-alias",
                "key",
                "-file",
                request.toString(),
                "-keystore",
                file.toString());
        keytool(
                "-gencert",
                "-alias",
                "key",
                "-infile",
                request.toString(),
                "-outfile",
                certificate.toString(),
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                issuer.toString());
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "ca",
                "-file",
                authorityCertificate.toString(),
                "-keystore",
                file.toString());
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "key",
                "-file",
                certificate.toString(),
                "-keystore",
                file.toString());
        return load(file);
    }

    /// Trusts the authority of that name and nobody else.
    KeyStore trusting(String authority) throws Exception {
        Path file = folder.resolve("trust-" + authority + ".p12");
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "ca",
                "-file",
                folder.resolve(authority + ".cer").toString(),
                "-keystore",
                file.toString());
        return load(file);
    }

    static ServerSocketFactory sockets(KeyStore keys) throws Exception {
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }

    private static KeyStore load(Path file) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", new String(PASSWORD), "-storetype", "PKCS12"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
