package dev.sovereign.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;

/// The small text file that says which generation of files is the store. Replacing it is the moment in which an
/// encrypted, decrypted, compacted or restored store takes the old one's place.
///
///     sovereign store
///     format 1
///     store <32 hex digits>
///     generation 3
///     encryption none                     or: aes-256-gcm <64 hex salt> <32 hex check> <8 hex fingerprint>
///     crc32c <8 hex digits>               of all lines before
///
/// @param storeId 16 random bytes; stays with the history through conversion, backup and restore
/// @param generation names the folder `g3`
/// @param salt of what is derived from the key; empty when not encrypted
/// @param check see [StoreKey#check]; empty when not encrypted
/// @param fingerprint of the key; empty when not encrypted
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record Manifest(
        int format, byte[] storeId, int generation, byte[] salt, byte[] check, String fingerprint) {

    static final String FILE = "store.manifest";

    private static final int MAX_BYTES = 4096;
    private static final HexFormat HEX = HexFormat.of();

    boolean encrypted() {
        return salt.length > 0;
    }

    static String folder(int generation) {
        return "g" + generation;
    }

    String folder() {
        return folder(generation);
    }

    String serialize() {
        String text =
                "sovereign store\nformat "
                        + format
                        + "\nstore "
                        + HEX.formatHex(storeId)
                        + "\ngeneration "
                        + generation
                        + "\nencryption "
                        + (encrypted()
                                ? "aes-256-gcm "
                                        + HEX.formatHex(salt)
                                        + " "
                                        + HEX.formatHex(check)
                                        + " "
                                        + fingerprint
                                : "none")
                        + "\n";
        return text + "crc32c " + crc(text) + "\n";
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /// @throws NewerException when a newer program wrote it
    static Manifest parse(String text) throws MalformedException {
        int sum = text.lastIndexOf("crc32c ");
        if (!text.startsWith("sovereign store\n") || sum < 0) {
            throw new MalformedException("it is no store's manifest, or its end is missing");
        }
        Map<String, String> fields = new HashMap<>();
        for (String line : text.substring(0, sum).split("\n", -1)) {
            int space = line.indexOf(' ');
            if (space > 0) {
                fields.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        int format = number(fields, "format");
        if (format > LogFormat.VERSION) {
            throw new NewerException(format); // before the checksum: its rule may have changed
        }
        if (!text.substring(sum).equals("crc32c " + crc(text.substring(0, sum)) + "\n")) {
            throw new MalformedException("it fails its checksum");
        }
        byte[] storeId = hex(field(fields, "store"), LogFormat.STORE_ID_BYTES);
        int generation = number(fields, "generation");
        String[] encryption = field(fields, "encryption").split(" ", -1);
        if (Arrays.equals(encryption, new String[] {"none"})) {
            return new Manifest(format, storeId, generation, new byte[0], new byte[0], "");
        }
        if (encryption.length != 4 || !encryption[0].equals("aes-256-gcm")) {
            throw new MalformedException("its encryption is \"" + encryption[0] + "\"");
        }
        return new Manifest(
                format,
                storeId,
                generation,
                hex(encryption[1], LogFormat.SALT_BYTES),
                hex(encryption[2], 16),
                encryption[3]);
    }

    private static String field(Map<String, String> fields, String name) throws MalformedException {
        String value = fields.get(name);
        if (value == null) {
            throw new MalformedException("it has no line \"" + name + "\"");
        }
        return value;
    }

    private static int number(Map<String, String> fields, String name) throws MalformedException {
        String value = field(fields, name);
        if (!value.matches("[1-9][0-9]{0,8}")) {
            throw new MalformedException("its " + name + " is \"" + value + "\"");
        }
        return Integer.parseInt(value);
    }

    private static byte[] hex(String digits, int bytes) throws MalformedException {
        if (!digits.matches("[0-9a-f]*") || digits.length() != 2 * bytes) {
            throw new MalformedException(
                    "it has \"" + digits + "\" where " + bytes + " bytes are due");
        }
        return HEX.parseHex(digits);
    }

    static Manifest read(FileLayer files, Path directory) throws IOException {
        try (FileLayer.File file = files.open(directory.resolve(FILE), FileLayer.Mode.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
            while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {}
            return parse(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
        }
    }

    /// Puts this manifest in the place of the one in `directory`, durably and at once.
    void write(FileLayer files, Path directory) throws IOException {
        Path fresh = directory.resolve(FILE + ".new");
        files.delete(fresh);
        try (FileLayer.File file = files.open(fresh, FileLayer.Mode.CREATE)) {
            file.write(ByteBuffer.wrap(serialize().getBytes(StandardCharsets.UTF_8)), 0);
            file.force(true);
        }
        files.move(fresh, directory.resolve(FILE));
        files.forceDirectory(directory);
    }
}
