// Package inflate is where Kustomize's helmCharts meets Helm's engine: the generator, which Kustomize builds in and which would start
// a program, is replaced by one that calls Chart.
package inflate

import "sigs.k8s.io/kustomize/api/types"

// Wanted is one entry of helmCharts, its values put together.
type Wanted struct {
	types.HelmChart
	// Where the chart's folder is to be, if it is in the repository.
	Folder string
	// YAML, the later ones on top.
	Values [][]byte
}

// Chart gives what `helm template` would print. Set by the module's main package.
var Chart func(Wanted) (string, error)
