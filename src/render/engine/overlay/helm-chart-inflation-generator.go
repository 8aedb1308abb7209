// In place of Kustomize's generator of this name, which runs helm: the chart is rendered by the engine in this very module.

package builtins

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	"sigs.k8s.io/kustomize/kyaml/yaml/merge2"
	"sigs.k8s.io/yaml"

	"plumbline.dev/render/inflate"
)

// HelmChartInflationGeneratorPlugin is one entry of a kustomization's helmCharts.
type HelmChartInflationGeneratorPlugin struct {
	helpers *resmap.PluginHelpers
	types.HelmGlobals
	types.HelmChart
}

// NewHelmChartInflationGeneratorPlugin has the name by which Kustomize makes it.
func NewHelmChartInflationGeneratorPlugin() resmap.GeneratorPlugin {
	return &HelmChartInflationGeneratorPlugin{}
}

// Config reads the entry.
func (p *HelmChartInflationGeneratorPlugin) Config(helpers *resmap.PluginHelpers, config []byte) error {
	p.helpers = helpers
	if err := yaml.Unmarshal(config, p); err != nil {
		return err
	}
	if p.Name == "" {
		return errors.New("an entry of helmCharts has no name")
	}
	if p.ChartHome == "" {
		p.ChartHome = types.HelmDefaultHome
	}
	return nil
}

// Generate renders the chart.
func (p *HelmChartInflationGeneratorPlugin) Generate() (resmap.ResMap, error) {
	values, err := p.values()
	if err != nil {
		return nil, err
	}
	text, err := inflate.Chart(inflate.Wanted{HelmChart: p.HelmChart, Folder: p.folder(), Values: values})
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", p.Name, err)
	}
	made, err := p.helpers.ResmapFactory().NewResMapFromBytes([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("chart %s: what it makes cannot be read: %w", p.Name, err)
	}
	for _, object := range made.Resources() {
		if err := object.PipeE(kyaml.SetAnnotation(konfig.HelmGeneratedAnnotation, "true")); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func (p *HelmChartInflationGeneratorPlugin) folder() string {
	home := p.ChartHome
	if !filepath.IsAbs(home) {
		home = path.Join(p.helpers.Loader().Root(), home)
	}
	if p.Version != "" && p.Repo != "" {
		home = path.Join(home, p.Name+"-"+p.Version)
	}
	return path.Join(home, p.Name)
}

// values gives the files and the inline values in the order in which Kustomize hands them to Helm.
// Source: Kustomize, "helmCharts", valuesMerge: override (inline on top of the file), merge (the file on top), replace (inline alone).
func (p *HelmChartInflationGeneratorPlugin) values() ([][]byte, error) {
	first, err := p.firstValues()
	if err != nil {
		return nil, err
	}
	if len(p.ValuesInline) > 0 {
		if first, err = p.withInline(first); err != nil {
			return nil, err
		}
	}
	all := [][]byte{first}
	for _, file := range p.AdditionalValuesFiles {
		text, err := p.helpers.Loader().Load(file)
		if err != nil {
			return nil, fmt.Errorf("additionalValuesFiles: %w", err)
		}
		all = append(all, text)
	}
	return all, nil
}

// firstValues is the file that is named, or the chart's own where it is in the repository: of a chart from elsewhere they are its
// defaults anyway.
func (p *HelmChartInflationGeneratorPlugin) firstValues() ([]byte, error) {
	if p.ValuesFile != "" {
		return p.helpers.Loader().Load(p.ValuesFile)
	}
	text, err := p.helpers.Loader().Load(path.Join(p.folder(), "values.yaml"))
	if err != nil {
		return nil, nil
	}
	return text, nil
}

func (p *HelmChartInflationGeneratorPlugin) withInline(file []byte) ([]byte, error) {
	inline, err := kyaml.FromMap(p.ValuesInline)
	if err != nil {
		return nil, err
	}
	if p.ValuesMerge == "replace" || len(file) == 0 {
		text, err := inline.String()
		return []byte(text), err
	}
	given, err := kyaml.Parse(string(file))
	if err != nil {
		return nil, err
	}
	above, below := inline, given
	switch p.ValuesMerge {
	case "", "override":
	case "merge":
		above, below = given, inline
	default:
		return nil, fmt.Errorf("valuesMerge is %q, and may be merge, override or replace", p.ValuesMerge)
	}
	merged, err := merge2.Merge(above, below, kyaml.MergeOptions{})
	if err != nil {
		return nil, err
	}
	text, err := merged.String()
	return []byte(text), err
}
