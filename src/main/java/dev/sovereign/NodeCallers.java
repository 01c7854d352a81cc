package dev.sovereign;

import dev.sovereign.cli.Caller;
import dev.sovereign.cli.Callers;
import dev.sovereign.cli.connect.SocketCaller;
import dev.sovereign.node.LocalHandler;
import dev.sovereign.protocol.Home;

/// Gives the command line its callers. Nothing of the node is loaded until it is asked for.
final class NodeCallers implements Callers {

    @Override
    public Caller daemon(Reach reach, Words words) {
        return new SocketCaller(home(reach), reach, words);
    }

    @Override
    public Caller local(Reach reach) {
        return new LocalCaller(new LocalHandler(home(reach)));
    }

    @Override
    public Home home(Reach reach) {
        return Home.of(reach.home(), System.getenv());
    }

    @Override
    public int runDaemon(Reach reach, Words words) {
        throw new IllegalStateException("not landed");
    }
}
