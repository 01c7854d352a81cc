// A go-libp2p peer on a private network, driven line by line: `peer SWARM_KEY_FILE`, or `-` for none.
// Commands on standard input, one JSON line as answer to each: listen ADDR, dial ADDR, identify, ping N, echo BYTES,
// digest BYTES, streams N BYTES, perf UP DOWN, cpu, close. The end of standard input ends it.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/pnet"
	"github.com/libp2p/go-libp2p/core/protocol"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/multiformats/go-multiaddr"
)

const (
	echoProtocol   = protocol.ID("/sovereign/echo/1.0.0")
	digestProtocol = protocol.ID("/sovereign/digest/1.0.0")
	sinkProtocol   = protocol.ID("/sovereign/sink/1.0.0")
	perfProtocol   = protocol.ID("/perf/1.0.0")
	pingProtocol   = protocol.ID("/ipfs/ping/1.0.0")
	chunkBytes     = 64 << 10
)

type answer map[string]any

func say(object answer) {
	line, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(line))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

type node struct {
	host host.Host
	peer peer.ID
}

// Serves with work, and resets the stream when that fails.
func (n *node) serve(id protocol.ID, work func(network.Stream) error) {
	n.host.SetStreamHandler(id, func(stream network.Stream) {
		if err := work(stream); err != nil {
			_ = stream.Reset()
			return
		}
		_ = stream.Close()
	})
}

func count(n int64) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(n))
}

func zeros(out io.Writer, n uint64) error {
	chunk := make([]byte, chunkBytes)
	for n > 0 {
		size := min(n, chunkBytes)
		if _, err := out.Write(chunk[:size]); err != nil {
			return err
		}
		n -= size
	}
	return nil
}

func sink(in io.Reader) (int64, error) {
	chunk := make([]byte, chunkBytes)
	var total int64
	for {
		size, err := in.Read(chunk)
		total += int64(size)
		if errors.Is(err, io.EOF) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

func (n *node) serveAll() {
	n.serve(echoProtocol, func(stream network.Stream) error {
		_, err := io.CopyBuffer(struct{ io.Writer }{stream}, struct{ io.Reader }{stream}, make([]byte, chunkBytes))
		return err
	})
	n.serve(digestProtocol, func(stream network.Stream) error {
		hash := sha256.New()
		total, err := io.CopyBuffer(hash, struct{ io.Reader }{stream}, make([]byte, chunkBytes))
		if err == nil {
			_, err = stream.Write(append(count(total), hash.Sum(nil)...))
		}
		return err
	})
	n.serve(sinkProtocol, func(stream network.Stream) error {
		total, err := sink(stream)
		if err == nil {
			_, err = stream.Write(count(total))
		}
		return err
	})
	n.serve(perfProtocol, func(stream network.Stream) error {
		head := make([]byte, 8)
		if _, err := io.ReadFull(stream, head); err != nil {
			return err
		}
		if _, err := sink(stream); err != nil {
			return err
		}
		return zeros(stream, binary.BigEndian.Uint64(head))
	})
}

func (n *node) open(id protocol.ID) (network.Stream, error) {
	if n.peer == "" {
		return nil, errors.New("not connected")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return n.host.NewStream(ctx, n.peer, id)
}

// Sends random bytes while it reads what comes back.
func (n *node) exchange(id protocol.ID, size int) (sent, back []byte, err error) {
	stream, err := n.open(id)
	if err != nil {
		return nil, nil, err
	}
	defer stream.Reset()
	sent = make([]byte, size)
	if _, err := rand.Read(sent); err != nil {
		return nil, nil, err
	}
	wrote := make(chan error, 1)
	go func() {
		_, err := stream.Write(sent)
		if err == nil {
			err = stream.CloseWrite()
		}
		wrote <- err
	}()
	back, err = io.ReadAll(stream)
	if err == nil {
		err = <-wrote
	}
	return sent, back, err
}

func (n *node) echo(size int) error {
	sent, back, err := n.exchange(echoProtocol, size)
	if err == nil && !bytes.Equal(sent, back) {
		err = errors.New("the echo differs")
	}
	return err
}

func (n *node) digest(size int) error {
	sent, back, err := n.exchange(digestProtocol, size)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(sent)
	if !bytes.Equal(back, append(count(int64(size)), hash[:]...)) {
		return errors.New("the digest differs")
	}
	return nil
}

func (n *node) streams(number, size int) error {
	failures := make([]error, number)
	var all sync.WaitGroup
	for i := range number {
		all.Go(func() { failures[i] = n.echo(size) })
	}
	all.Wait()
	return errors.Join(failures...)
}

func (n *node) ping(number int) (float64, error) {
	stream, err := n.open(pingProtocol)
	if err != nil {
		return 0, err
	}
	defer stream.Reset()
	times := make([]float64, number)
	question, back := make([]byte, 32), make([]byte, 32)
	for i := range times {
		if _, err := rand.Read(question); err != nil {
			return 0, err
		}
		start := time.Now()
		if _, err := stream.Write(question); err != nil {
			return 0, err
		}
		if _, err := io.ReadFull(stream, back); err != nil {
			return 0, err
		}
		times[i] = float64(time.Since(start).Nanoseconds()) / 1e6
		if !bytes.Equal(question, back) {
			return 0, errors.New("the ping differs")
		}
	}
	sort.Float64s(times)
	return times[number/2], nil
}

func (n *node) perf(up, down uint64) (answer, error) {
	stream, err := n.open(perfProtocol)
	if err != nil {
		return nil, err
	}
	defer stream.Reset()
	start := time.Now()
	if _, err := stream.Write(count(int64(down))); err != nil {
		return nil, err
	}
	if err := zeros(stream, up); err != nil {
		return nil, err
	}
	if err := stream.CloseWrite(); err != nil {
		return nil, err
	}
	first := make([]byte, chunkBytes)
	size, err := stream.Read(first)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	turned := time.Now()
	rest, err := sink(stream)
	if err != nil {
		return nil, err
	}
	if uint64(size)+uint64(rest) != down {
		return nil, fmt.Errorf("%d bytes came back", int64(size)+rest)
	}
	return answer{"up": turned.Sub(start).Seconds(), "down": time.Since(turned).Seconds()}, nil
}

func (n *node) dial(address string) (answer, error) {
	info, err := peer.AddrInfoFromString(address)
	if err != nil {
		return nil, err
	}
	events, err := n.host.EventBus().Subscribe([]any{new(event.EvtPeerIdentificationCompleted), new(event.EvtPeerIdentificationFailed)})
	if err != nil {
		return nil, err
	}
	defer events.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	start := time.Now()
	if err := n.host.Connect(ctx, *info); err != nil {
		return nil, err
	}
	select {
	case happened := <-events.Out():
		if failed, is := happened.(event.EvtPeerIdentificationFailed); is {
			return nil, failed.Reason
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	n.peer = info.ID
	return answer{"millis": float64(time.Since(start).Nanoseconds()) / 1e6, "peerId": info.ID.String()}, nil
}

func (n *node) identify() (answer, error) {
	store := n.host.Peerstore()
	agent, err := store.Get(n.peer, "AgentVersion")
	if err != nil {
		return nil, err
	}
	protocols, err := store.GetProtocols(n.peer)
	return answer{"agent": agent, "protocols": protocols, "addresses": store.Addrs(n.peer)}, err
}

func (n *node) listen(address string) (answer, error) {
	at, err := multiaddr.NewMultiaddr(address)
	if err != nil {
		return nil, err
	}
	if err := n.host.Network().Listen(at); err != nil {
		return nil, err
	}
	return answer{"multiaddr": n.host.Network().ListenAddresses()[0].String() + "/p2p/" + n.host.ID().String()}, nil
}

func cpu() answer {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return nil
	}
	return answer{"seconds": time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()}
}

func (n *node) carryOut(words []string) (answer, error) {
	number := func(i int) int {
		value, err := strconv.Atoi(words[i])
		if err != nil {
			fail(err)
		}
		return value
	}
	switch words[0] {
	case "listen":
		return n.listen(words[1])
	case "dial":
		return n.dial(words[1])
	case "identify":
		return n.identify()
	case "ping":
		p50, err := n.ping(number(1))
		return answer{"p50": p50}, err
	case "echo":
		return nil, n.echo(number(1))
	case "digest":
		return nil, n.digest(number(1))
	case "streams":
		return nil, n.streams(number(1), number(2))
	case "perf":
		return n.perf(uint64(number(1)), uint64(number(2)))
	case "cpu":
		return cpu(), nil
	case "close":
		return nil, n.host.Network().ClosePeer(n.peer)
	}
	return nil, errors.New("no such command: " + words[0])
}

func main() {
	options := []libp2p.Option{
		libp2p.NoListenAddrs,
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.Security(noise.ID, noise.New),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		libp2p.DisableRelay(),
		libp2p.DisableMetrics(),
	}
	if len(os.Args) > 1 && os.Args[1] != "-" {
		file, err := os.Open(os.Args[1])
		if err != nil {
			fail(err)
		}
		key, err := pnet.DecodeV1PSK(file)
		if err != nil {
			fail(err)
		}
		options = append(options, libp2p.PrivateNetwork(key))
	}
	resources, err := rcmgr.NewResourceManager(rcmgr.NewFixedLimiter(rcmgr.InfiniteLimits))
	if err != nil {
		fail(err)
	}
	h, err := libp2p.New(append(options, libp2p.ResourceManager(resources))...)
	if err != nil {
		fail(err)
	}
	n := &node{host: h}
	n.serveAll()
	say(answer{"event": "ready", "peerId": h.ID().String()})
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		result, err := n.carryOut(strings.Fields(lines.Text()))
		if err != nil {
			say(answer{"ok": false, "message": err.Error()})
			continue
		}
		if result == nil {
			result = answer{}
		}
		result["ok"] = true
		say(result)
	}
	_ = h.Close()
}
