package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	stdx509 "crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/cosi-project/runtime/api/v1alpha1"
	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/cosi-project/runtime/pkg/resource/meta"
	"github.com/cosi-project/runtime/pkg/resource/typed"
	"github.com/cosi-project/runtime/pkg/state"
	"github.com/cosi-project/runtime/pkg/state/impl/inmem"
	"github.com/cosi-project/runtime/pkg/state/impl/namespaced"
	cosi "github.com/cosi-project/runtime/pkg/state/protobuf/server"
	"github.com/cosi-project/runtime/pkg/state/registry"
	"github.com/siderolabs/crypto/x509"
	"go.yaml.in/yaml/v4"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/anypb"

	_ "github.com/siderolabs/talos/pkg/machinery/api/cluster"
	"github.com/siderolabs/talos/pkg/machinery/api/common"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	_ "github.com/siderolabs/talos/pkg/machinery/api/storage"
	_ "github.com/siderolabs/talos/pkg/machinery/api/time"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	"github.com/siderolabs/talos/pkg/machinery/resources/block"
	"github.com/siderolabs/talos/pkg/machinery/resources/cluster"
	"github.com/siderolabs/talos/pkg/machinery/resources/config"
	"github.com/siderolabs/talos/pkg/machinery/resources/hardware"
	"github.com/siderolabs/talos/pkg/machinery/resources/network"
	"github.com/siderolabs/talos/pkg/machinery/resources/perf"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	"github.com/siderolabs/talos/pkg/machinery/role"
)

// actor is the one for whom a machine restarts.
const actor = "played"

// played is one machine, found by its address.
type played struct {
	// Maintenance is true for an address that is asked without certificates.
	Maintenance bool `json:"maintenance"`
	// Silent machines answer nothing.
	Silent    bool `json:"silent"`
	Resources []struct {
		Type string `json:"type"`
		ID   string `json:"id"`
		// Spec is YAML.
		Spec string `json:"spec"`
	} `json:"resources"`
	// Answers are messages in JSON, by the name of the method. A method that gives one message gives the first.
	Answers map[string][]json.RawMessage `json:"answers"`
}

// call is a line of calls.jsonl.
type call struct {
	Method  string          `json:"method"`
	Nodes   []string        `json:"nodes"`
	Request json.RawMessage `json:"request,omitempty"`
	// Uploaded is the SHA-256 of what was sent.
	Uploaded string `json:"uploaded,omitempty"`
}

// player answers every method of Talos' API by its own protocol definition, as apid does for the nodes that are asked.
type player struct {
	v1alpha1.UnimplementedStateServer

	directory string
	calls     *os.File

	mu     sync.Mutex
	boots  map[string]int
	events map[string][]*machine.Event
}

// serve plays the machines of DIRECTORY/world.json on port 50000 until it is ended. It writes what a client needs,
// DIRECTORY/talosconfig, and DIRECTORY/calls.jsonl, a line for each call. What cannot be played ends it.
func serve(directory string) error {
	p := &player{directory: directory, boots: map[string]int{}, events: map[string][]*machine.Event{}}
	p.calls = must(os.Create(directory + "/calls.jsonl"))

	server := grpc.NewServer(grpc.Creds(p.identity()), grpc.UnknownServiceHandler(p.answer))
	v1alpha1.RegisterStateServer(server, p)

	return server.Serve(must(net.Listen("tcp", "0.0.0.0:50000")))
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}

	return value
}

// world reads the machines, by address; anew for each question, so that they may change.
func (p *player) world() map[string]*played {
	machines := map[string]*played{}
	decoder := json.NewDecoder(bytes.NewReader(must(os.ReadFile(p.directory + "/world.json"))))
	decoder.DisallowUnknownFields()

	return must(machines, decoder.Decode(&machines))
}

// identity makes the certificates of the server, and a talosconfig for its clients.
func (p *player) identity() credentials.TransportCredentials {
	bundle := must(secrets.NewBundle(secrets.NewFixedClock(time.Now()), nil))
	addresses, endpoints := []net.IP{}, []string{}

	for address, each := range p.world() {
		addresses = append(addresses, net.ParseIP(address))

		if _, isMember := each.Answers["EtcdStatus"]; isMember {
			endpoints = append(endpoints, address)
		}
	}

	input := must(generate.NewInput("played", "https://"+endpoints[0]+":6443", "1.34.0", generate.WithSecretsBundle(bundle),
		generate.WithEndpointList(endpoints), generate.WithRoles(role.MakeSet(role.Admin))))
	must(0, must(input.Talosconfig()).Save(p.directory+"/talosconfig"))

	pair := must(x509.NewKeyPair(must(x509.NewCertificateAuthorityFromCertificateAndKey(bundle.Certs.OS)),
		x509.IPAddresses(addresses), x509.CommonName("played"), x509.NotAfter(time.Now().Add(time.Hour)),
		x509.ExtKeyUsage([]stdx509.ExtKeyUsage{stdx509.ExtKeyUsageServerAuth})))
	clients := stdx509.NewCertPool()
	clients.AppendCertsFromPEM(bundle.Certs.OS.Crt)

	return credentials.NewTLS(&tls.Config{
		Certificates: []tls.Certificate{*pair.Certificate}, ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: clients,
	})
}

// asked returns the addresses that a call is for, and whether it named them; else it is for who is connected to.
func asked(ctx context.Context) ([]string, bool) {
	md, _ := metadata.FromIncomingContext(ctx)
	if named := append(md.Get("nodes"), md.Get("node")...); strings.Join(named, "") != "" {
		return named, true
	}

	caller, _ := peer.FromContext(ctx)
	host, _, _ := net.SplitHostPort(caller.LocalAddr.String())

	return []string{host}, false
}

var errSilent = status.Error(codes.Unavailable, `connection error: desc = "transport: Error while dialing: dial tcp: i/o timeout"`)

func (p *player) machine(ctx context.Context, address string) (*played, error) {
	found := p.world()[address]
	if found == nil || found.Silent {
		return nil, errSilent
	}

	caller, _ := peer.FromContext(ctx)
	if info, ok := caller.AuthInfo.(credentials.TLSInfo); !found.Maintenance && (!ok || len(info.State.PeerCertificates) == 0) {
		return nil, status.Error(codes.Unauthenticated, "a client certificate is needed")
	}

	return found, nil
}

// answer plays every method but those of resources.
func (p *player) answer(_ any, stream grpc.ServerStream) error {
	full, _ := grpc.MethodFromServerStream(stream)
	service, name, _ := strings.Cut(strings.TrimPrefix(full, "/"), "/")

	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		return status.Error(codes.Unimplemented, full)
	}

	method := found.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(name)) //nolint:forcetypeassert
	nodes, named := asked(stream.Context())
	record := call{Method: name, Nodes: nodes}
	request := dynamicpb.NewMessage(method.Input())
	uploaded := sha256.New()

	for err = stream.RecvMsg(request); err == nil && method.IsStreamingClient(); err = stream.RecvMsg(request) {
		uploaded.Write(request.Get(method.Input().Fields().ByName("bytes")).Bytes())
		record.Uploaded = hex.EncodeToString(uploaded.Sum(nil))
	}

	if err != nil && err != io.EOF {
		return err
	}

	if !method.IsStreamingClient() {
		record.Request = must(protojson.Marshal(request))
	}

	p.record(record)

	if method.IsStreamingServer() {
		return p.stream(stream, method, record, named)
	}

	reply := dynamicpb.NewMessage(method.Output())
	messages := reply.Mutable(method.Output().Fields().ByName("messages")).List()

	for _, node := range nodes {
		message := messages.AppendMutable().Message()

		each, err := p.machine(stream.Context(), node)
		if err == nil && len(each.Answers[name]) > 0 {
			must(0, protojson.Unmarshal(each.Answers[name][0], message.Interface()))
		}

		if err != nil && !named {
			return err
		}

		about(message, node, named, err)

		if actorID := message.Descriptor().Fields().ByName("actor_id"); actorID != nil && err == nil {
			message.Set(actorID, protoreflect.ValueOfString(actor))

			go p.restart(node)
		}
	}

	return stream.SendMsg(reply)
}

// about writes whose message it is, and what went wrong with it, as apid does.
func about(message protoreflect.Message, node string, named bool, problem error) {
	field := message.Descriptor().Fields().ByName("metadata")
	if field == nil || !named {
		return
	}

	about := &common.Metadata{Hostname: node}
	if problem != nil {
		about.Error, about.Status = problem.Error(), status.Convert(problem).Proto()
	}

	must(0, proto.Unmarshal(must(proto.Marshal(about)), message.Mutable(field).Message().Interface()))
}

func (p *player) stream(stream grpc.ServerStream, method protoreflect.MethodDescriptor, asking call, named bool) error {
	for _, node := range asking.Nodes {
		each, err := p.machine(stream.Context(), node)
		if err != nil {
			return err
		}

		if asking.Method == "Events" {
			return p.follow(stream, node)
		}

		messages := each.Answers[asking.Method]
		if strings.Contains(string(asking.Request), "/boot_id") {
			p.mu.Lock()
			id := fmt.Appendf(nil, "00000000-0000-4000-8000-%012d\n", p.boots[node])
			messages = []json.RawMessage{must(json.Marshal(map[string]any{"bytes": id}))}
			p.mu.Unlock()
		}

		for _, text := range messages {
			message := dynamicpb.NewMessage(method.Output())
			must(0, protojson.Unmarshal(text, message))
			about(message, node, named, nil)

			if err := stream.SendMsg(message); err != nil {
				return err
			}
		}
	}

	return nil
}

// restart is what a machine does within moments here: services stop, it is gone, and it comes up anew.
func (p *player) restart(node string) {
	time.Sleep(100 * time.Millisecond)
	p.tell(node, &machine.TaskEvent{Task: "stopAllServices", Action: machine.TaskEvent_START})
	time.Sleep(300 * time.Millisecond)
	p.mu.Lock()
	p.boots[node]++
	p.events[node] = nil
	p.mu.Unlock()

	ready := &machine.MachineStatusEvent_MachineStatus{Ready: true}
	p.tell(node, &machine.MachineStatusEvent{Stage: machine.MachineStatusEvent_RUNNING, Status: ready})
}

func (p *player) tell(node string, payload proto.Message) {
	data := must(anypb.New(payload))
	data.TypeUrl = "talos/runtime/" + string(payload.ProtoReflect().Descriptor().FullName())

	p.mu.Lock()
	defer p.mu.Unlock()
	p.events[node] = append(p.events[node], &machine.Event{Metadata: &common.Metadata{Hostname: node}, Data: data, ActorId: actor})
}

// follow sends the events of a machine until it restarts, which breaks the connection.
func (p *player) follow(stream grpc.ServerStream, node string) error {
	boot, sent := -1, 0

	for err := stream.SendMsg(&machine.Event{}); stream.Context().Err() == nil; time.Sleep(20 * time.Millisecond) {
		p.mu.Lock()
		events, now := p.events[node], p.boots[node]
		p.mu.Unlock()

		if boot >= 0 && now != boot {
			return errSilent
		}

		for boot = now; sent < len(events) && err == nil; sent++ {
			err = stream.SendMsg(events[sent])
		}

		if err != nil {
			return err
		}
	}

	return nil
}

func (p *player) record(each call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.calls, "%s\n", must(json.Marshal(each)))
}

// kinds are the resources that machines are asked for, by the Go types that machines have for them.
var kinds = map[resource.Type]func(id string, spec string) meta.ResourceWithRD{
	block.DiskType:              made[block.DiskSpec, block.DiskExtension],
	cluster.MemberType:          made[cluster.MemberSpec, cluster.MemberExtension],
	hardware.ProcessorType:      made[hardware.ProcessorSpec, hardware.ProcessorExtension],
	network.LinkStatusType:      made[network.LinkStatusSpec, network.LinkStatusExtension],
	perf.CPUType:                made[perf.CPUSpec, perf.CPUExtension],
	runtime.ExtensionStatusType: made[runtime.ExtensionStatusSpec, runtime.ExtensionStatusExtension],
	runtime.MachineStatusType:   made[runtime.MachineStatusSpec, runtime.MachineStatusExtension],
	runtime.SecurityStateType:   made[runtime.SecurityStateSpec, runtime.SecurityStateExtension],
	runtime.VersionType:         made[runtime.VersionSpec, runtime.VersionExtension],
	config.MachineConfigType: func(_ string, text string) meta.ResourceWithRD {
		if text == "" {
			return config.NewMachineConfig(nil)
		}

		return config.NewMachineConfig(must(configloader.NewFromBytes([]byte(text))))
	},
}

func made[T typed.DeepCopyable[T], E typed.Extension](id string, text string) meta.ResourceWithRD {
	var (
		spec T
		kind E
	)

	known := kind.ResourceDefinition()
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)

	if text != "" {
		must(0, decoder.Decode(&spec))
	}

	return typed.NewResource[T, E](resource.NewMetadata(known.DefaultNamespace, known.Type, id, resource.VersionUndefined), spec)
}

// resources are those of the machine that is asked.
func (p *player) resources(ctx context.Context) (*cosi.State, error) {
	nodes, _ := asked(ctx)

	each, err := p.machine(ctx, nodes[0])
	if err != nil {
		return nil, err
	}

	resources := state.WrapCore(namespaced.NewState(inmem.Build))
	definitions := registry.NewResourceRegistry(resources)

	for _, empty := range kinds {
		must(0, definitions.Register(ctx, empty("", "")))
	}

	for _, given := range each.Resources {
		must(0, resources.Create(ctx, kinds[given.Type](given.ID, given.Spec)))
	}

	return cosi.NewState(resources), nil
}

// Get is of cosi's State service.
func (p *player) Get(ctx context.Context, request *v1alpha1.GetRequest) (*v1alpha1.GetResponse, error) {
	resources, err := p.resources(ctx)
	if err != nil {
		return nil, err
	}

	return resources.Get(ctx, request)
}

// List is of cosi's State service.
func (p *player) List(request *v1alpha1.ListRequest, stream v1alpha1.State_ListServer) error {
	resources, err := p.resources(stream.Context())
	if err != nil {
		return err
	}

	return resources.List(request, stream)
}
