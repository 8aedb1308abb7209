// Two things of others that the tests of charts compare ours with, as one program of our own, so that their versions and
// every dependency's checksum stand in this module's go.sum:
//
//	chart-registry serve config.yaml   the registry of CNCF Distribution, with basic (htpasswd) and token authentication
//	chart-registry ranges              Masterminds' semver, which Helm reads ranges with: [["range", "version"], ...] on
//	                                   stdin, for each true, false, or null where either of the two is none, on stdout
//	chart-registry hash                the password on stdin as a line of an htpasswd file
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/Masterminds/semver/v3"
	"github.com/distribution/distribution/v3/registry"
	_ "github.com/distribution/distribution/v3/registry/auth/htpasswd"
	_ "github.com/distribution/distribution/v3/registry/auth/token"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/inmemory"
	"golang.org/x/crypto/bcrypt"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "serve":
		registry.RootCmd.SetArgs(args)
		return registry.RootCmd.Execute()
	case len(args) == 1 && args[0] == "ranges":
		return compareRanges()
	case len(args) == 1 && args[0] == "hash":
		return hashPassword()
	}
	return fmt.Errorf("serve CONFIG, ranges or hash")
}

func compareRanges() error {
	var pairs [][2]string
	if err := json.NewDecoder(os.Stdin).Decode(&pairs); err != nil {
		return err
	}
	answers := make([]*bool, len(pairs))
	for i, pair := range pairs {
		constraint, err := semver.NewConstraint(pair[0])
		if err != nil {
			continue
		}
		version, err := semver.NewVersion(pair[1])
		if err != nil {
			continue
		}
		holds := constraint.Check(version)
		answers[i] = &holds
	}
	return json.NewEncoder(os.Stdout).Encode(answers)
}

func hashPassword() error {
	password, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	hash, err := bcrypt.GenerateFromPassword(password, bcrypt.MinCost)
	if err != nil {
		return err
	}
	fmt.Println(string(hash))
	return nil
}
