// Command machinery puts machine configurations before Talos' own validation, for the platform metal.
//
// It reads a JSON list of machines from the file that it is given. A machine comes with its configuration, or with
// what the provider makes one from: then it is generated here, with secrets that are made for this run and forgotten.
// It writes a JSON list: the configuration of each machine, the warnings, and what is wrong.
//
// With the word serve it plays machines instead: see serve.go.
//
// The version of the machinery is that of the machines: go.mod has that of Talos 1.12, v1.13.mod and v1.14.mod those
// of later ones, for `go build -modfile`.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/config/validation"
)

type machineIn struct {
	Name          string  `json:"name"`
	Configuration string  `json:"configuration"`
	Inputs        *inputs `json:"inputs"`
}

// inputs are the arguments of the data source talos_machine_configuration.
type inputs struct {
	ClusterName       string   `json:"cluster_name"`
	ClusterEndpoint   string   `json:"cluster_endpoint"`
	MachineType       string   `json:"machine_type"`
	TalosVersion      string   `json:"talos_version"`
	KubernetesVersion string   `json:"kubernetes_version"`
	ConfigPatches     []string `json:"config_patches"`
}

type machineOut struct {
	Name          string   `json:"name"`
	Configuration string   `json:"configuration"`
	Warnings      []string `json:"warnings"`
	Errors        []string `json:"errors"`
}

// metal is the platform of machines that install Talos on a disk of theirs.
type metal struct{}

func (metal) String() string        { return "metal" }
func (metal) RequiresInstall() bool { return true }
func (metal) InContainer() bool     { return false }

var _ validation.RuntimeMode = metal{}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 2 && args[0] == "serve" {
		return serve(args[1])
	}

	if len(args) != 1 {
		return fmt.Errorf("usage: machinery FILE.json, or machinery serve DIRECTORY")
	}

	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}

	var machines []machineIn
	if err := json.Unmarshal(text, &machines); err != nil {
		return err
	}

	out := []machineOut{}
	bundles := map[string]*secrets.Bundle{}

	for _, each := range machines {
		out = append(out, judge(each, bundles))
	}

	return json.NewEncoder(os.Stdout).Encode(out)
}

func judge(in machineIn, bundles map[string]*secrets.Bundle) machineOut {
	out := machineOut{Name: in.Name, Configuration: in.Configuration, Warnings: []string{}, Errors: []string{}}
	failed := func(what string, err error) machineOut {
		out.Errors = append(out.Errors, what+": "+strings.TrimSpace(err.Error()))

		return out
	}

	if in.Inputs != nil {
		configuration, err := generated(*in.Inputs, bundles)
		if err != nil {
			return failed("cannot be generated", err)
		}

		out.Configuration = configuration
	}

	provider, err := configloader.NewFromBytes([]byte(out.Configuration))
	if err != nil {
		return failed("cannot be read", err)
	}

	warnings, err := provider.Validate(metal{}, validation.WithLocal(), validation.WithStrict())
	out.Warnings = append(out.Warnings, warnings...)

	if err != nil {
		return failed("refused", err)
	}

	return out
}

// generated makes a configuration; machines of one cluster share their secrets.
func generated(in inputs, bundles map[string]*secrets.Bundle) (string, error) {
	contract, err := config.ParseContractFromVersion(in.TalosVersion)
	if err != nil {
		return "", err
	}

	bundle := bundles[in.ClusterName]
	if bundle == nil {
		if bundle, err = secrets.NewBundle(secrets.NewFixedClock(time.Now()), contract); err != nil {
			return "", err
		}

		bundles[in.ClusterName] = bundle
	}

	kind, err := machine.ParseType(in.MachineType)
	if err != nil {
		return "", err
	}

	input, err := generate.NewInput(
		in.ClusterName, in.ClusterEndpoint, strings.TrimPrefix(in.KubernetesVersion, "v"),
		generate.WithVersionContract(contract), generate.WithSecretsBundle(bundle),
	)
	if err != nil {
		return "", err
	}

	base, err := input.Config(kind)
	if err != nil {
		return "", err
	}

	patches, err := configpatcher.LoadPatches(in.ConfigPatches)
	if err != nil {
		return "", err
	}

	patched, err := configpatcher.Apply(configpatcher.WithConfig(base), patches)
	if err != nil {
		return "", err
	}

	bytes, err := patched.Bytes()

	return string(bytes), err
}
