package dev.sovereign.node.daemon;

import dev.sovereign.error.SovereignException;
import dev.sovereign.node.Log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Who supervises this process, when somebody does: systemd's two protocols, which others speak as
/// well. `LISTEN_FDS` hands over a socket that listens already (sd_listen_fds(3)); `NOTIFY_SOCKET`
/// wants to be told that we are ready, and that we end (sd_notify(3)).
///
/// The JDK takes over a socket as descriptor 0 only, so the launcher moves it there from 3.
public final class ServiceManager {

    private final Map<String, String> environment;
    private final long pid;

    private ServiceManager(Map<String, String> environment, long pid) {
        this.environment = environment;
        this.pid = pid;
    }

    public static ServiceManager of(Map<String, String> environment, long pid) {
        return new ServiceManager(environment, pid);
    }

    /// The listening socket that was handed over; null when none was.
    ///
    /// @param expected where callers of this home connect
    /// @throws SovereignException `daemon.activation` when what was handed over is not that
    public @Nullable ServerSocketChannel inherited(Path expected) {
        String count = environment.get("LISTEN_FDS");
        if (count == null || !String.valueOf(pid).equals(environment.get("LISTEN_PID"))) {
            return null; // nothing, or meant for a process that started us
        }
        Channel channel;
        Path listens = null;
        try {
            channel = System.inheritedChannel();
            if (channel instanceof ServerSocketChannel server
                    && server.getLocalAddress() instanceof UnixDomainSocketAddress address) {
                listens = address.getPath();
                if (Files.exists(expected) && Files.isSameFile(listens, expected)) {
                    return server;
                }
            }
        } catch (IOException unusable) {
            throw wrong("a descriptor that cannot be used: " + unusable.getMessage());
        }
        throw wrong(
                listens == null
                        ? count + " descriptors, the first of which is no listening Unix socket"
                        : "a socket at \"" + listens + "\"; callers look at \"" + expected + "\"");
    }

    private static SovereignException wrong(String what) {
        return new SovereignException(
                DaemonError.ACTIVATION,
                "the service manager handed over " + what,
                "write its files anew with `sovereign daemon install`");
    }

    /// Everything works: callers may come.
    public void ready(Log log) {
        tell("READY=1\nSTATUS=answering\n", log);
    }

    /// What is under way is drained; nothing new begins.
    public void stopping(Log log) {
        tell("STOPPING=1\nSTATUS=draining\n", log);
    }

    /// A manager that cannot be told will think that the start failed and end us: that is in the
    /// log then, and no reason to end ourselves.
    private void tell(String state, Log log) {
        String socket = environment.get("NOTIFY_SOCKET");
        if (socket == null || socket.isEmpty()) {
            return;
        }
        try {
            // a class of its own: foreign functions are loaded under a service manager only
            NotifySocket.send(socket, state);
        } catch (IOException failed) {
            log.error("cannot tell the service manager at " + socket, failed);
        }
    }
}
