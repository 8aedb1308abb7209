//go:build wasip1

package main

import (
	"path"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/openapi"

	"plumbline.dev/render/inflate"
)

func renderKustomization(request Request) (Answer, error) {
	at := request.Path
	// What a build before this one read of its own would be taken for this one's.
	if openapi.GetSchemaVersion() != schemaAtRest {
		openapi.ResetOpenAPI()
	}
	inflate.Chart = func(wanted inflate.Wanted) (string, error) { return inflateChart(wanted, request.Helm) }
	source, keepOrigins, err := edited(at, request.Edits)
	if err != nil {
		return Answer{}, err
	}
	if kustomizationIn(at) == "" {
		return Answer{}, errNoKustomization
	}
	options := krusty.MakeDefaultOptions()
	options.PluginConfig = types.DisabledPluginConfig()
	built, err := krusty.MakeKustomizer(options).Run(source, at)
	if err != nil {
		return Answer{}, err
	}
	return objectsOf(built, at, keepOrigins)
}

var schemaAtRest = openapi.GetSchemaVersion()

// objectsOf gives each object by itself, with the file that it comes from.
func objectsOf(built resmap.ResMap, at string, keepOrigins bool) (Answer, error) {
	var answer Answer
	for _, object := range built.Resources() {
		file, err := originOf(object, at)
		if err != nil {
			return Answer{}, err
		}
		if !keepOrigins {
			if err := object.SetOrigin(nil); err != nil {
				return Answer{}, err
			}
		}
		// JSON is YAML, and what Kustomize makes its YAML from.
		text, err := jsonOf(object)
		if err != nil {
			return Answer{}, err
		}
		answer.Outputs = append(answer.Outputs, Output{File: file, Text: string(text)})
	}
	return answer, nil
}

func originOf(object *resource.Resource, at string) (string, error) {
	origin, err := object.GetOrigin()
	if err != nil || origin == nil {
		return kustomizationIn(at), err
	}
	file := origin.Path
	if file == "" {
		file = origin.ConfiguredIn
	}
	if origin.Repo != "" {
		return origin.Repo + "//" + file, nil
	}
	return path.Join(at, file), nil
}
