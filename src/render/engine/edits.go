//go:build wasip1

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"plumbline.dev/render/host"
	"plumbline.dev/render/track"
)

// edited gives the host's files with the kustomization at the path changed as the declaration wants it, and so that every object
// says where it comes from. What cannot be read stays as it is: the engine says better what is wrong with it.
func edited(at string, edits json.RawMessage) (source files, keepOrigins bool, err error) {
	name := kustomizationIn(at)
	if name == "" {
		return files{}, false, nil
	}
	text, err := host.Read(name)
	if err != nil {
		return files{}, false, err
	}
	var kustomization types.Kustomization
	if kustomization.Unmarshal(text) != nil || kustomization.CheckEmpty() != nil {
		return files{}, false, nil
	}
	keepOrigins = slices.Contains(kustomization.BuildMetadata, types.OriginAnnotations)
	track.Transformers = slices.Contains(kustomization.BuildMetadata, types.TransformerAnnotations)
	if !keepOrigins {
		kustomization.BuildMetadata = append(kustomization.BuildMetadata, types.OriginAnnotations)
	}
	if err := edit(&kustomization, edits); err != nil {
		return files{}, false, err
	}
	content, err := yaml.Marshal(kustomization)
	return files{changed: name, content: content}, keepOrigins, err
}

func kustomizationIn(folder string) string {
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		if at := path.Join(folder, name); host.Kind(at) == "file" {
			return at
		}
	}
	return ""
}

// edit changes what `kustomize edit` would: prefixes, images and replicas take the place of those that are there, all else is added.
func edit(kustomization *types.Kustomization, edits json.RawMessage) error {
	if len(edits) == 0 {
		return nil
	}
	var more types.Kustomization
	if err := json.Unmarshal(edits, &more); err != nil {
		return fmt.Errorf("spec.source.kustomize cannot be used: %w", err)
	}
	if more.NamePrefix != "" {
		kustomization.NamePrefix = more.NamePrefix
	}
	if more.NameSuffix != "" {
		kustomization.NameSuffix = more.NameSuffix
	}
	if len(more.Images) > 0 {
		// The older name of the same field, which would have the last word.
		kustomization.Images = append(kustomization.Images, kustomization.ImageTags...)
		kustomization.ImageTags = nil
	}
	kustomization.Images = replacing(kustomization.Images, more.Images, func(image types.Image) string { return image.Name })
	kustomization.Replicas = replacing(kustomization.Replicas, more.Replicas, func(replica types.Replica) string { return replica.Name })
	kustomization.Patches = append(kustomization.Patches, more.Patches...)
	kustomization.Components = append(kustomization.Components, more.Components...)
	addLabels(kustomization, more.CommonLabels)
	if len(more.CommonAnnotations) > 0 && kustomization.CommonAnnotations == nil {
		kustomization.CommonAnnotations = map[string]string{}
	}
	maps.Copy(kustomization.CommonAnnotations, more.CommonAnnotations)
	return nil
}

func replacing[T any](present, wanted []T, nameOf func(T) string) []T {
	kept := slices.DeleteFunc(present, func(one T) bool {
		return slices.ContainsFunc(wanted, func(other T) bool { return nameOf(one) == nameOf(other) })
	})
	return append(kept, wanted...)
}

// commonLabels is deprecated, but one label may not stand in both fields.
func addLabels(kustomization *types.Kustomization, labels map[string]string) {
	if len(labels) == 0 {
		return
	}
	if len(kustomization.CommonLabels) > 0 {
		maps.Copy(kustomization.CommonLabels, labels)
		return
	}
	for index := range kustomization.Labels {
		for name := range labels {
			delete(kustomization.Labels[index].Pairs, name)
		}
	}
	kustomization.Labels = append(kustomization.Labels, types.Label{Pairs: labels, IncludeSelectors: true})
}

var errNoKustomization = errors.New("there is no kustomization.yaml, kustomization.yml or Kustomization")
