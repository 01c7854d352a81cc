//! A rust-libp2p peer on a private network, driven line by line: `peer SWARM_KEY_FILE`, or `-` for none.
//! Commands on standard input, one JSON line as answer to each: listen ADDR, dial ADDR, identify, ping N, echo BYTES,
//! digest BYTES, streams N BYTES, perf UP DOWN, cpu, close. The end of standard input ends it.
use std::{
    collections::HashMap,
    convert::Infallible,
    error::Error,
    future::{Ready, ready},
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use either::Either;
use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::{
    Multiaddr, PeerId, Stream, StreamProtocol, Swarm, Transport,
    core::{
        Endpoint,
        transport::{ListenerId, PortUse},
        upgrade::{DeniedUpgrade, InboundUpgrade, UpgradeInfo, Version},
    },
    identify, noise, ping,
    pnet::{PnetConfig, PreSharedKey},
    swarm::{
        ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm,
        NetworkBehaviour, SubstreamProtocol, SwarmEvent, ToSwarm,
        handler::{ConnectionEvent, FullyNegotiatedInbound},
    },
    tcp, yamux,
};
use libp2p_stream::Control;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    sync::{mpsc, oneshot},
};

const ECHO: StreamProtocol = StreamProtocol::new("/sovereign/echo/1.0.0");
const DIGEST: StreamProtocol = StreamProtocol::new("/sovereign/digest/1.0.0");
const SINK: StreamProtocol = StreamProtocol::new("/sovereign/sink/1.0.0");
const PERF: StreamProtocol = StreamProtocol::new("/perf/1.0.0");
const PING: StreamProtocol = StreamProtocol::new("/ipfs/ping/1.0.0");
const CHUNK_BYTES: usize = 64 << 10;
const PATIENCE: Duration = Duration::from_secs(20);

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[derive(NetworkBehaviour)]
struct Behaviour {
    identify: identify::Behaviour,
    ping: ping::Behaviour,
    stream: libp2p_stream::Behaviour,
    serve: Serve,
}

/// Serves every stream of our protocols on a task of its own. `libp2p_stream` would do, but it drops streams that come
/// faster than they are taken from it.
struct Serve;

struct ServeHandler;

struct Served;

impl UpgradeInfo for Served {
    type Info = StreamProtocol;
    type InfoIter = [StreamProtocol; 4];

    fn protocol_info(&self) -> Self::InfoIter {
        [ECHO, DIGEST, SINK, PERF]
    }
}

impl InboundUpgrade<Stream> for Served {
    type Output = (StreamProtocol, Stream);
    type Error = Infallible;
    type Future = Ready<std::result::Result<Self::Output, Infallible>>;

    fn upgrade_inbound(self, stream: Stream, protocol: StreamProtocol) -> Self::Future {
        ready(Ok((protocol, stream)))
    }
}

impl ConnectionHandler for ServeHandler {
    type FromBehaviour = Infallible;
    type ToBehaviour = Infallible;
    type InboundProtocol = Served;
    type OutboundProtocol = DeniedUpgrade;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = ();

    fn listen_protocol(&self) -> SubstreamProtocol<Served> {
        SubstreamProtocol::new(Served, ())
    }

    fn poll(
        &mut self,
        _: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<DeniedUpgrade, (), Infallible>> {
        Poll::Pending
    }

    fn on_behaviour_event(&mut self, event: Infallible) {
        match event {}
    }

    fn on_connection_event(&mut self, event: ConnectionEvent<'_, Served, DeniedUpgrade>) {
        if let ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
            protocol: (protocol, stream),
            ..
        }) = event
        {
            // a stream that fails is reset when it is dropped
            tokio::spawn(async move { serve(&protocol, stream).await });
        }
    }
}

impl NetworkBehaviour for Serve {
    type ConnectionHandler = ServeHandler;
    type ToSwarm = Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> std::result::Result<ServeHandler, ConnectionDenied> {
        Ok(ServeHandler)
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> std::result::Result<ServeHandler, ConnectionDenied> {
        Ok(ServeHandler)
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: Infallible) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Infallible, Infallible>> {
        Poll::Pending
    }
}

/// What the thread of the swarm is asked to do.
enum Order {
    Listen(Multiaddr, oneshot::Sender<Result<Multiaddr>>),
    Dial(Multiaddr, oneshot::Sender<Result<PeerId>>),
    Close(PeerId),
}

type Told = Arc<Mutex<HashMap<PeerId, identify::Info>>>;

fn say(object: &Value) {
    println!("{object}");
}

async fn run(mut swarm: Swarm<Behaviour>, mut orders: mpsc::Receiver<Order>, told: Told) {
    let mut listens: HashMap<ListenerId, oneshot::Sender<Result<Multiaddr>>> = HashMap::new();
    let mut dial: Option<oneshot::Sender<Result<PeerId>>> = None;
    loop {
        tokio::select! {
            order = orders.recv() => match order {
                None => return,
                Some(Order::Listen(address, done)) => match swarm.listen_on(address) {
                    Ok(id) => { listens.insert(id, done); }
                    Err(error) => { let _ = done.send(Err(error.into())); }
                },
                Some(Order::Dial(address, done)) => match swarm.dial(address) {
                    Ok(()) => dial = Some(done),
                    Err(error) => { let _ = done.send(Err(error.into())); }
                },
                Some(Order::Close(peer)) => {
                    told.lock().unwrap().remove(&peer);
                    let _ = swarm.disconnect_peer_id(peer);
                }
            },
            event = swarm.select_next_some() => match event {
                SwarmEvent::NewListenAddr { listener_id, address } => {
                    if let Some(done) = listens.remove(&listener_id) {
                        let _ = done.send(Ok(address.with_p2p(*swarm.local_peer_id()).unwrap()));
                    }
                }
                SwarmEvent::OutgoingConnectionError { error, .. } => {
                    if let Some(done) = dial.take() {
                        let _ = done.send(Err(error.into()));
                    }
                }
                SwarmEvent::ConnectionClosed { peer_id, .. } => {
                    told.lock().unwrap().remove(&peer_id);
                }
                SwarmEvent::Behaviour(BehaviourEvent::Identify(identify::Event::Received { peer_id, info, .. })) => {
                    told.lock().unwrap().insert(peer_id, info);
                    if let Some(done) = dial.take() {
                        let _ = done.send(Ok(peer_id));
                    }
                }
                _ => {}
            },
        }
    }
}

async fn zeros(stream: &mut Stream, mut count: u64) -> Result<()> {
    let chunk = vec![0; CHUNK_BYTES];
    while count > 0 {
        let size = count.min(CHUNK_BYTES as u64) as usize;
        stream.write_all(&chunk[..size]).await?;
        count -= size as u64;
    }
    Ok(())
}

async fn drain(stream: &mut Stream) -> Result<u64> {
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut total = 0;
    loop {
        match stream.read(&mut chunk).await? {
            0 => return Ok(total),
            size => total += size as u64,
        }
    }
}

async fn serve(protocol: &StreamProtocol, mut stream: Stream) -> Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    if *protocol == ECHO {
        loop {
            match stream.read(&mut chunk).await? {
                0 => break,
                size => stream.write_all(&chunk[..size]).await?,
            }
            stream.flush().await?;
        }
    } else if *protocol == DIGEST {
        let (mut hash, mut total) = (Sha256::new(), 0u64);
        loop {
            match stream.read(&mut chunk).await? {
                0 => break,
                size => {
                    hash.update(&chunk[..size]);
                    total += size as u64;
                }
            }
        }
        stream.write_all(&total.to_be_bytes()).await?;
        stream.write_all(&hash.finalize()).await?;
    } else if *protocol == SINK {
        let total = drain(&mut stream).await?;
        stream.write_all(&total.to_be_bytes()).await?;
    } else {
        let mut head = [0; 8];
        stream.read_exact(&mut head).await?;
        drain(&mut stream).await?;
        zeros(&mut stream, u64::from_be_bytes(head)).await?;
    }
    stream.close().await?;
    Ok(())
}

/// The one who carries out commands.
#[derive(Clone)]
struct Node {
    control: Control,
    orders: mpsc::Sender<Order>,
    told: Told,
    peer: Option<PeerId>,
}

impl Node {
    fn peer(&self) -> Result<PeerId> {
        self.peer.ok_or_else(|| "not connected".into())
    }

    async fn open(&self, protocol: StreamProtocol) -> Result<Stream> {
        let peer = self.peer()?;
        Ok(tokio::time::timeout(PATIENCE, self.control.clone().open_stream(peer, protocol)).await??)
    }

    /// Sends random bytes while it reads what comes back.
    async fn exchange(&self, protocol: StreamProtocol, size: usize) -> Result<(Vec<u8>, Vec<u8>)> {
        let (mut from, mut to) = self.open(protocol).await?.split();
        let mut sent = vec![0; size];
        rand::fill(&mut sent[..]);
        let writing = async {
            to.write_all(&sent).await?;
            to.close().await
        };
        let mut back = Vec::with_capacity(size);
        let (wrote, read) = futures::join!(writing, from.read_to_end(&mut back));
        wrote?;
        read?;
        Ok((sent, back))
    }

    async fn echo(&self, size: usize) -> Result<()> {
        let (sent, back) = self.exchange(ECHO, size).await?;
        if sent == back { Ok(()) } else { Err("the echo differs".into()) }
    }

    async fn digest(&self, size: usize) -> Result<()> {
        let (sent, back) = self.exchange(DIGEST, size).await?;
        let mut expected = (size as u64).to_be_bytes().to_vec();
        expected.extend(Sha256::digest(&sent));
        if back == expected { Ok(()) } else { Err("the digest differs".into()) }
    }

    async fn streams(&self, number: usize, size: usize) -> Result<()> {
        let all = (0..number).map(|_| {
            let node = self.clone();
            tokio::spawn(async move { node.echo(size).await })
        });
        for one in futures::future::join_all(all).await {
            one??;
        }
        Ok(())
    }

    async fn ping(&self, number: usize) -> Result<Value> {
        let mut stream = self.open(PING).await?;
        let mut times = Vec::with_capacity(number);
        let (mut question, mut back) = ([0; 32], [0; 32]);
        for _ in 0..number {
            rand::fill(&mut question[..]);
            let start = Instant::now();
            stream.write_all(&question).await?;
            stream.flush().await?;
            stream.read_exact(&mut back).await?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
            if question != back {
                return Err("the ping differs".into());
            }
        }
        stream.close().await?;
        times.sort_by(f64::total_cmp);
        Ok(json!({"p50": times[number / 2]}))
    }

    async fn perf(&self, up: u64, down: u64) -> Result<Value> {
        let mut stream = self.open(PERF).await?;
        let start = Instant::now();
        stream.write_all(&down.to_be_bytes()).await?;
        zeros(&mut stream, up).await?;
        stream.close().await?;
        let mut first = vec![0; CHUNK_BYTES];
        let size = stream.read(&mut first).await? as u64;
        let turned = Instant::now();
        let total = size + drain(&mut stream).await?;
        if total != down {
            return Err(format!("{total} bytes came back").into());
        }
        Ok(json!({"up": (turned - start).as_secs_f64(), "down": turned.elapsed().as_secs_f64()}))
    }

    async fn dial(&mut self, address: &str) -> Result<Value> {
        let (done, answer) = oneshot::channel();
        let start = Instant::now();
        self.orders.send(Order::Dial(address.parse()?, done)).await?;
        let peer = tokio::time::timeout(PATIENCE, answer).await???;
        self.peer = Some(peer);
        Ok(json!({"millis": start.elapsed().as_secs_f64() * 1e3, "peerId": peer.to_string()}))
    }

    fn identify(&self) -> Result<Value> {
        let told = self.told.lock().unwrap();
        let info = told.get(&self.peer()?).ok_or("nothing is known of the peer")?;
        let protocols: Vec<_> = info.protocols.iter().map(|each| each.to_string()).collect();
        let addresses: Vec<_> = info.listen_addrs.iter().map(|each| each.to_string()).collect();
        Ok(json!({"agent": info.agent_version, "protocols": protocols, "addresses": addresses}))
    }

    async fn listen(&self, address: &str) -> Result<Value> {
        let (done, answer) = oneshot::channel();
        self.orders.send(Order::Listen(address.parse()?, done)).await?;
        let actual = tokio::time::timeout(PATIENCE, answer).await???;
        Ok(json!({"multiaddr": actual.to_string()}))
    }

    async fn carry_out(&mut self, words: &[&str]) -> Result<Value> {
        match words {
            ["listen", address] => self.listen(address).await,
            ["dial", address] => self.dial(address).await,
            ["identify"] => self.identify(),
            ["ping", number] => self.ping(number.parse()?).await,
            ["echo", size] => self.echo(size.parse()?).await.map(|()| json!({})),
            ["digest", size] => self.digest(size.parse()?).await.map(|()| json!({})),
            ["streams", number, size] => {
                self.streams(number.parse()?, size.parse()?).await.map(|()| json!({}))
            }
            ["perf", up, down] => self.perf(up.parse()?, down.parse()?).await,
            ["cpu"] => Ok(json!({"seconds": cpu()})),
            ["close"] => {
                self.orders.send(Order::Close(self.peer()?)).await?;
                Ok(json!({}))
            }
            _ => Err(format!("no such command: {words:?}").into()),
        }
    }
}

fn cpu() -> f64 {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: getrusage fills the struct that it is given, which was zeroed before
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
        usage.assume_init()
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

#[tokio::main]
async fn main() -> Result<()> {
    let psk: Option<PreSharedKey> = match std::env::args().nth(1).as_deref() {
        None | Some("-") => None,
        Some(file) => Some(std::fs::read_to_string(file)?.parse()?),
    };
    let swarm = libp2p::SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_other_transport(|key| {
            let plain = tcp::tokio::Transport::new(tcp::Config::default().nodelay(true));
            let transport = match psk {
                Some(psk) => Either::Left(
                    plain.and_then(move |socket, _| PnetConfig::new(psk).handshake(socket)),
                ),
                None => Either::Right(plain),
            };
            transport
                .upgrade(Version::V1Lazy)
                .authenticate(noise::Config::new(key).expect("an Ed25519 key"))
                .multiplex(yamux::Config::default())
        })?
        .with_behaviour(|key| Behaviour {
            identify: identify::Behaviour::new(
                identify::Config::new("ipfs/0.1.0".into(), key.public())
                    .with_agent_version("rust-peer".into()),
            ),
            ping: ping::Behaviour::default(),
            stream: libp2p_stream::Behaviour::new(),
            serve: Serve,
        })?
        .with_swarm_config(|config| {
            config
                .with_idle_connection_timeout(Duration::from_secs(600))
                .with_max_negotiating_inbound_streams(1_000)
        })
        .build();
    let id = *swarm.local_peer_id();
    let (orders, received) = mpsc::channel(1);
    let told = Told::default();
    let mut node =
        Node { control: swarm.behaviour().stream.new_control(), orders, told: told.clone(), peer: None };
    tokio::spawn(run(swarm, received, told));
    say(&json!({"event": "ready", "peerId": id.to_string()}));
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut answer = match node.carry_out(&words).await {
            Ok(answer) => answer,
            Err(error) => {
                say(&json!({"ok": false, "message": error.to_string()}));
                continue;
            }
        };
        answer["ok"] = json!(true);
        say(&answer);
    }
    Ok(())
}
