//go:build wasip1

package main

import (
	"bytes"
	"encoding/json"

	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// jsonOf writes an object's tree as JSON. Kustomize prints it as YAML and parses that again first, as much work as everything before;
// what its way would refuse, or read in a way of its own, is left to it.
func jsonOf(object *resource.Resource) ([]byte, error) {
	var text bytes.Buffer
	if node := object.YNode(); node != nil && writeJSON(&text, node) {
		return text.Bytes(), nil
	}
	return object.MarshalJSON()
}

// writeJSON gives false for what is not plain: aliases, keys that are no text, keys given twice.
func writeJSON(text *bytes.Buffer, node *yaml.Node) bool {
	switch node.Kind {
	case yaml.MappingNode:
		return writeMapping(text, node)
	case yaml.SequenceNode:
		text.WriteByte('[')
		for index, item := range node.Content {
			if index > 0 {
				text.WriteByte(',')
			}
			if !writeJSON(text, item) {
				return false
			}
		}
		text.WriteByte(']')
		return true
	case yaml.ScalarNode:
		return writeScalar(text, node)
	default:
		return false
	}
}

func writeMapping(text *bytes.Buffer, node *yaml.Node) bool {
	seen := make(map[string]bool, len(node.Content)/2)
	text.WriteByte('{')
	for index := 0; index+1 < len(node.Content); index += 2 {
		key := node.Content[index]
		if key.Kind != yaml.ScalarNode || !isText(key) || seen[key.Value] {
			return false
		}
		seen[key.Value] = true
		if index > 0 {
			text.WriteByte(',')
		}
		writeText(text, key.Value)
		text.WriteByte(':')
		if !writeJSON(text, node.Content[index+1]) {
			return false
		}
	}
	text.WriteByte('}')
	return true
}

func writeScalar(text *bytes.Buffer, node *yaml.Node) bool {
	if isText(node) {
		writeText(text, node.Value)
		return true
	}
	// Printed between braces, a null without a word comes back as empty text.
	if node.Value == "" {
		return false
	}
	var value any
	if err := node.Decode(&value); err != nil {
		return false
	}
	encoded, err := json.Marshal(value)
	text.Write(encoded)
	return err == nil
}

// A tag that Kustomize set may not be what its printed form would be read as: plain text that looks like something else is printed plain.
func isText(node *yaml.Node) bool {
	if node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return node.Tag == "" || node.Tag == yaml.NodeTagString
	}
	return node.ShortTag() == yaml.NodeTagString
}

func writeText(text *bytes.Buffer, value string) {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	text.Write(encoded)
}
