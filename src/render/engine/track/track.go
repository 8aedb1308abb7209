// Package track says what Kustomize keeps on each object while it builds.
package track

// Transformers: whether each transformer's name is put on each object that it has seen. Kustomize does so whenever it keeps origins,
// and takes it off again at the end unless it was asked for: a quarter of a build's time.
var Transformers bool
