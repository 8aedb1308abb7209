// In place of Kustomize's file of this name, which runs git: the host fetches, where that is allowed, and says where the files are.

package git

import (
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"plumbline.dev/render/host"
)

// Cloner makes the files of a repository readable and sets the folder where they are.
type Cloner func(*RepoSpec) error

// ClonerUsingGitExec has the name by which Kustomize knows its only cloner.
func ClonerUsingGitExec(wanted *RepoSpec) error {
	folder, err := host.Clone(wanted.CloneSpec(), wanted.Ref)
	wanted.Dir = filesys.ConfirmedDir(folder)
	return err
}
