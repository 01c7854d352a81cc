package dev.sovereign.core.store;

import java.util.List;

/// Takes everything and does nothing: for reading only to see whether it can be read.
final class NoReplay implements Replay {

    static final NoReplay INSTANCE = new NoReplay();

    private NoReplay() {}

    @Override
    public void relation(String name, List<Column> columns) {}

    @Override
    public void asserted(String relation, long[][] columns, long[] assertingTx, int count) {}

    @Override
    public void retracted(
            String relation, long[][] columns, long[] assertingTx, int count, long tx) {}

    @Override
    public void module(String name, String text, long tx) {}

    @Override
    public void moduleRemoved(String name, long tx) {}

    @Override
    public void through(long tx) {}

    @Override
    public void restart() {}
}
