package dev.sovereign.finance.electrum;

import dev.sovereign.finance.net.ServerException;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Keeps what a session says unasked.
final class Recorder implements ElectrumSession.Listener {

    final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

    @Override
    public void tip(ServerTip tip) {
        heard.add(tip);
    }

    @Override
    public void historyChanged() {
        heard.add("history");
    }

    @Override
    public void ended(ServerException why) {
        heard.add(why);
    }
}
