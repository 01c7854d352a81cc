package dev.sovereign.node.daemon;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.node.Exchange;
import dev.sovereign.node.Lifecycle;
import dev.sovereign.node.Log;
import dev.sovereign.node.Service;
import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Build;
import dev.sovereign.protocol.Codec;
import dev.sovereign.protocol.FrameBuffer;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.HomeFolders;
import dev.sovereign.protocol.Message;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import jdk.net.ExtendedSocketOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// Listens for one home and serves it until told to stop, idle, or replaced on disk.
///
/// Life: [#open] takes the lock and listens; [#run] accepts until [#stop]; stopping drains, closes
/// the service, says goodbye, frees the lock. Killed at any instant it leaves a socket and a lock
/// file that the next daemon takes over.
public final class Daemon implements Lifecycle, Host, AutoCloseable {

    private static final int BACKLOG = 512;

    /// How often the housekeeper looks, in milliseconds; more often when the idle time is short.
    private static final long HOUSEKEEPING_MILLIS = 5_000;

    /// Quiet for so long, the daemon tidies its heap: a guess that keeps it out of the way of a
    /// script.
    private static final long PAUSE_NANOS = 5_000_000_000L;

    /// After the drain, what is left is cancelled and given this long to notice.
    private static final long CANCEL_MILLIS = 2_000;

    /// For the last answers and goodbyes to be written.
    private static final long FAREWELL_MILLIS = 1_000;

    private final Home home;
    private final Log log;
    private final long idleMillis;
    private final LockFile lock;
    private final ServerSocketChannel server;
    private final @Nullable Object socketKey;

    /// Whether a service manager made the socket: then its name is not ours to remove, and who
    /// connects after our end starts us again.
    private final boolean inherited;

    private final UserPrincipal us;
    private final long pid;
    private final long startedNanos = System.nanoTime();

    /// Opens when the service is closed.
    private final CountDownLatch closed = new CountDownLatch(1);

    /// Opens when the lock is free.
    private final CountDownLatch ended = new CountDownLatch(1);

    /// Guarded by `this`, like the fields below.
    private final Set<Connection> connections = new HashSet<>();

    private final Set<SocketExchange> underWay = new HashSet<>();
    private @Nullable Service service;
    private boolean stopping;
    private int stoppers;
    private long lastBusyNanos = System.nanoTime();

    /// [#lastBusyNanos] as of the newest tidying; guarded by `this`.
    private long pausedNanos;

    private long lastConnection;

    private Daemon(
            Home home,
            Log log,
            long idleMillis,
            LockFile lock,
            ServerSocketChannel server,
            boolean inherited,
            UserPrincipal us,
            long pid) {
        this.home = home;
        this.log = log;
        this.idleMillis = idleMillis;
        this.lock = lock;
        this.server = server;
        this.inherited = inherited;
        this.socketKey = LockFile.key(home.socket());
        this.us = us;
        this.pid = pid;
    }

    /// Takes the home and listens; callers that connect from now on are answered once [#run] runs.
    ///
    /// @param idleMillis ends after so long with nothing to do; 0 is never
    /// @param handedOver a socket that listens for this home already; null makes one. Ours from
    ///   here on
    /// @throws SovereignException `daemon.running` when another daemon has it, `home.*`
    public static Daemon open(
            Home home, Log log, long idleMillis, @Nullable ServerSocketChannel handedOver)
            throws InterruptedException {
        HomeFolders.prepare(home);
        long pid = ProcessHandle.current().pid();
        LockFile lock = LockFile.take(home, pid, Build.hash());
        if (lock == null) {
            throw new SovereignException(
                    DaemonError.RUNNING,
                    "a daemon runs for \"" + home.data() + "\" already",
                    "end it with `sovereign daemon stop`");
        }
        Path socket = home.socket();
        ServerSocketChannel server = handedOver;
        boolean done = false;
        try {
            if (server == null) {
                Files.deleteIfExists(socket);
                server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
            }
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            UserPrincipal us = Files.getOwner(socket);
            Daemon daemon =
                    new Daemon(home, log, idleMillis, lock, server, handedOver != null, us, pid);
            done = true;
            return daemon;
        } catch (IOException broke) {
            throw HomeFolders.unusable(socket, broke);
        } finally {
            if (!done) {
                closeQuietly(server);
                lock.close();
            }
        }
    }

    /// Serves until stopped. Returns when everything is closed and the lock is free.
    public void run(Service.Factory factory) throws InterruptedException {
        Service opened = factory.open(this);
        synchronized (this) {
            service = opened;
        }
        Thread.ofVirtual().name("housekeeper").start(this::housekeep);
        try {
            acceptAll();
        } finally {
            uninterrupted(() -> {
                stop(0);
                closed.await();
                farewell();
                return null;
            });
        }
    }

    /// Ctrl-C and SIGTERM interrupt a daemon in the foreground, at any moment: that ends accepting,
    /// and must not end saying goodbye.
    private static void uninterrupted(Callable<@Nullable Void> work) {
        FutureTask<@Nullable Void> task = new FutureTask<>(work);
        Thread.ofVirtual().name("farewell").start(task);
        boolean interrupted = false;
        while (true) {
            try {
                task.get();
                break;
            } catch (InterruptedException ending) {
                interrupted = true;
            } catch (ExecutionException failed) {
                throw new IllegalStateException("the daemon did not end well", failed.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptAll() throws InterruptedException {
        while (!isStopping()) {
            try {
                accept(server.accept());
            } catch (ClosedChannelException stopped) {
                return;
            } catch (IOException exhausted) {
                // such as too many open files: wait for some to close
                log.error("cannot accept", exhausted);
                Thread.sleep(100);
            }
        }
    }

    private void accept(SocketChannel channel) {
        try {
            UserPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
            if (!peer.equals(us)) {
                log.warn("refused a connection of the user " + peer.getName());
                channel.close();
                return;
            }
            Connection connection = register(channel);
            if (connection == null) {
                refuse(channel);
                return;
            }
            Thread.ofVirtual().name("connection-" + lastConnection).start(connection);
        } catch (IOException | UnsupportedOperationException gone) {
            log.error("a connection failed at once", gone);
            closeQuietly(channel);
        }
    }

    private synchronized @Nullable Connection register(SocketChannel channel) {
        if (connections.size() >= Bounds.CONNECTIONS) {
            return null;
        }
        Connection connection =
                new Connection(new SocketLink(channel), this, String.valueOf(++lastConnection));
        connections.add(connection);
        lastBusyNanos = System.nanoTime();
        return connection;
    }

    private void refuse(SocketChannel channel) throws IOException {
        FrameBuffer frame = new FrameBuffer(Bounds.RESPONSE_FRAME_BYTES);
        Codec.encode(
                new Message.Broken(
                        List.of(
                                Diagnostic.error(
                                        DaemonError.TOO_MANY_CONNECTIONS,
                                        "more than " + Bounds.CONNECTIONS + " connections",
                                        "end some of the programs that use this node"))),
                frame);
        channel.configureBlocking(false);
        channel.write(ByteBuffer.wrap(frame.bytes(), 0, frame.size()));
        channel.close();
    }

    /// Answers a request; called by its own thread between [#begin] and [#end].
    @Override
    public Response.Closing handle(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException {
        Service serving;
        synchronized (this) {
            serving = service;
        }
        if (serving == null) {
            throw new IllegalStateException("a request before the service");
        }
        if (request instanceof Request.Stop) {
            synchronized (this) {
                stoppers++;
                notifyAll();
            }
        }
        return serving.handle(request, exchange);
    }

    /// False when nothing new is begun, except that a stop may be joined.
    @Override
    public synchronized boolean begin(SocketExchange exchange, boolean stop) {
        if (stopping && !stop) {
            return false;
        }
        underWay.add(exchange);
        return true;
    }

    @Override
    public synchronized void end(SocketExchange exchange) {
        underWay.remove(exchange);
        lastBusyNanos = System.nanoTime();
        notifyAll();
    }

    @Override
    public synchronized void ended(Connection connection) {
        connections.remove(connection);
        notifyAll();
    }

    @Override
    public void stop(long drainMillis) throws InterruptedException {
        boolean first;
        synchronized (this) {
            first = !stopping;
            stopping = true;
            notifyAll();
        }
        if (first) {
            try {
                log.info("stopping");
                unlisten();
                if (!drained(drainMillis)) {
                    List<SocketExchange> rest;
                    synchronized (this) {
                        rest = new ArrayList<>(underWay);
                    }
                    rest.forEach(SocketExchange::cancel);
                    drained(CANCEL_MILLIS);
                }
                Service serving;
                synchronized (this) {
                    serving = service;
                }
                if (serving != null) {
                    serving.close();
                }
            } finally {
                closed.countDown();
            }
        }
        closed.await();
    }

    /// Frees the name first, so that callers find nobody and start the next daemon, which waits for
    /// the lock.
    private void unlisten() {
        if (!inherited && socketKey != null && socketKey.equals(LockFile.key(home.socket()))) {
            try {
                Files.deleteIfExists(home.socket());
            } catch (IOException left) {
                log.error("cannot remove the socket", left);
            }
        }
        closeQuietly(server);
    }

    /// Waits until only requests to stop are under way.
    private synchronized boolean drained(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (underWay.size() > stoppers) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /// The last answers, then goodbye; at most [#FAREWELL_MILLIS] for each.
    private void farewell() throws InterruptedException {
        synchronized (this) {
            stoppers = 0;
        }
        drained(FAREWELL_MILLIS);
        List<Connection> open;
        synchronized (this) {
            open = new ArrayList<>(connections);
        }
        List<Thread> byes = new ArrayList<>();
        for (Connection connection : open) {
            byes.add(Thread.ofVirtual().start(connection::bye));
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FAREWELL_MILLIS);
        for (Thread bye : byes) {
            bye.join(java.time.Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        lock.close();
        log.info("ended");
        open.forEach(Connection::close);
        ended.countDown();
    }

    /// Ends the daemon when it has been idle for long, or when its home is no longer there, and
    /// connections that never greet.
    private void housekeep() {
        // here, because the first line of a log costs 5 ms, and a caller is waiting
        log.info("listening on " + home.socket() + ", pid " + pid + ", build " + Build.hash());
        long pause = idleMillis == 0 ? HOUSEKEEPING_MILLIS : Math.max(10, idleMillis / 4);
        try {
            while (!isStopping()) {
                Thread.sleep(Math.min(pause, HOUSEKEEPING_MILLIS));
                dropUngreeted();
                if (!lock.isInPlace() || !isSocketInPlace()) {
                    log.warn("the home was removed or replaced");
                    stop(0);
                } else if (isIdle()) {
                    log.info("idle for " + idleMillis + " ms");
                    stop(0);
                } else if (hasPaused()) {
                    System.gc(); // gives the heap that the work needed back to the system
                }
            }
        } catch (InterruptedException ending) {
            // the process ends
        }
    }

    private boolean isSocketInPlace() {
        return socketKey == null || socketKey.equals(LockFile.key(home.socket()));
    }

    private synchronized boolean isIdle() {
        return idleMillis > 0
                && (service == null || !service.isBusy())
                && underWay.isEmpty()
                && System.nanoTime() - lastBusyNanos >= TimeUnit.MILLISECONDS.toNanos(idleMillis);
    }

    /// True once after each spell of work, when nothing has been asked for [#PAUSE_NANOS].
    private synchronized boolean hasPaused() {
        if (!underWay.isEmpty()
                || lastBusyNanos == pausedNanos
                || System.nanoTime() - lastBusyNanos < PAUSE_NANOS) {
            return false;
        }
        pausedNanos = lastBusyNanos;
        return true;
    }

    private synchronized void dropUngreeted() {
        long oldest = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(Bounds.HANDSHAKE_MILLIS);
        for (Connection connection : connections) {
            if (!connection.isGreeted() && connection.openedNanos() < oldest) {
                connection.close();
            }
        }
    }

    /// Waits until [#run] has closed everything.
    ///
    /// @return false when it took longer than `millis`
    public boolean awaitEnd(long millis) throws InterruptedException {
        return ended.await(millis, TimeUnit.MILLISECONDS);
    }

    /// For a daemon that never ran.
    @Override
    public void close() {
        unlisten();
        lock.close();
    }

    @Override
    public synchronized boolean isStopping() {
        return stopping;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public long uptimeMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    }

    @Override
    public Log log() {
        return log;
    }

    private static void closeQuietly(@Nullable AutoCloseable channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (Exception ignored) {
                // it is given up either way
            }
        }
    }
}
