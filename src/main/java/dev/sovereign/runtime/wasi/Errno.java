package dev.sovereign.runtime.wasi;

/// What a call answers; the numbers are those of WASI preview 1. Only those that we use.
enum Errno {
    SUCCESS(0),
    ACCES(2),
    AGAIN(6),
    BADF(8),
    EXIST(20),
    FBIG(22),
    ILSEQ(25),
    INVAL(28),
    IO(29),
    ISDIR(31),
    LOOP(32),
    MFILE(33),
    NAMETOOLONG(37),
    NOENT(44),
    NOSPC(51),
    NOTDIR(54),
    NOTEMPTY(55),
    NOTSUP(58),
    OVERFLOW(61),
    PERM(63),
    PIPE(64),
    ROFS(69),
    SPIPE(70),
    NOTCAPABLE(76);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
