//go:build wasip1

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	chart "helm.sh/helm/v4/pkg/chart/v2"

	"plumbline.dev/render/host"
)

// Local charts that depend on local charts, and so on: more than this is a circle.
const maxLocalDepth = 10

// completeDependencies adds what Chart.yaml names and charts/ lacks, in the versions that Chart.lock pins. Helm's command wants that
// done before, by hand; here it is done for a folder, and an archive has to be complete.
func completeDependencies(loaded *chart.Chart, at string, depth int) error {
	missing := missingDependencies(loaded)
	if len(missing) == 0 {
		return nil
	}
	if err := checkLock(loaded, at); err != nil {
		return err
	}
	for _, dependency := range missing {
		added, err := fetchDependency(loaded, dependency, at, depth)
		if err != nil {
			return err
		}
		loaded.AddDependency(added)
	}
	return nil
}

func missingDependencies(loaded *chart.Chart) []*chart.Dependency {
	var missing []*chart.Dependency
	asked := map[string]bool{}
	for _, present := range loaded.Dependencies() {
		asked[present.Name()] = true
	}
	if loaded.Metadata == nil {
		return nil
	}
	for _, dependency := range loaded.Metadata.Dependencies {
		if !asked[dependency.Name] {
			missing = append(missing, dependency)
		}
		// One chart under two aliases is fetched once.
		asked[dependency.Name] = true
	}
	return missing
}

func fetchDependency(of *chart.Chart, dependency *chart.Dependency, at string, depth int) (*chart.Chart, error) {
	repository := dependency.Repository
	switch {
	case strings.HasPrefix(repository, "file://") && at != "":
		if depth >= maxLocalDepth {
			return nil, dependencyFailure(of, dependency, "local charts depend on each other more than %d levels deep", maxLocalDepth)
		}
		local := path.Join(at, strings.TrimPrefix(repository, "file://"))
		if host.Kind(local) == "" {
			return nil, dependencyFailure(of, dependency, "%s is not there", repository)
		}
		return loadChartAt(local, depth+1)
	case strings.HasPrefix(repository, "https://"), strings.HasPrefix(repository, "http://"), strings.HasPrefix(repository, "oci://"):
		data, err := host.Chart(repository, dependency.Name, lockedVersion(of, dependency))
		if err != nil {
			return nil, err
		}
		return unpackChart(dependency.Name+".tgz", data)
	case strings.HasPrefix(repository, "@"), strings.HasPrefix(repository, "alias:"):
		return nil, dependencyFailure(of, dependency, "its repository %q is a name that only one machine knows", repository)
	default:
		return nil, dependencyFailure(of, dependency, "it is missing in charts/, and Chart.yaml names no repository that has it")
	}
}

func lockedVersion(of *chart.Chart, dependency *chart.Dependency) string {
	if of.Lock != nil {
		for _, locked := range of.Lock.Dependencies {
			if locked.Name == dependency.Name && locked.Repository == dependency.Repository {
				return locked.Version
			}
		}
	}
	return dependency.Version
}

// checkLock refuses a lock that was made for other dependencies than Chart.yaml has now.
// Source: Helm writes to Chart.lock the SHA-256 of the JSON of both lists.
func checkLock(loaded *chart.Chart, at string) error {
	if loaded.Lock == nil || loaded.Lock.Digest == "" {
		return nil
	}
	both, err := json.Marshal([2][]*chart.Dependency{loaded.Metadata.Dependencies, loaded.Lock.Dependencies})
	if err != nil {
		return err
	}
	sum := sha256.Sum256(both)
	if loaded.Lock.Digest == "sha256:"+hex.EncodeToString(sum[:]) || loaded.Metadata.APIVersion == chart.APIVersionV1 {
		return nil
	}
	return &Failure{
		Kind: "lock", Chart: loaded.Name(), File: path.Join(at, "Chart.lock"),
		Message: "Chart.lock was made for other dependencies than Chart.yaml has",
	}
}

func dependencyFailure(of *chart.Chart, dependency *chart.Dependency, format string, arguments ...any) *Failure {
	reason := fmt.Sprintf(format, arguments...)
	return &Failure{
		Kind: "dependency", Chart: of.Name(),
		Message: fmt.Sprintf("dependency %s %s: %s", dependency.Name, dependency.Version, reason),
	}
}
