//go:build wasip1

// Package host is the module's only way out: questions to the process that runs it, answered before the call returns.
// Nothing else of a machine can be reached from here: there is no file system, no network and no other program.
package host

import (
	"encoding/json"
	"errors"
	"io/fs"
	"runtime"
	"unsafe"
)

// ask hands over a question and gives the length of the answer; take copies that answer. Two calls, because only this side may
// make room in its own memory.
//
//go:wasmimport plumbline ask
func ask(question unsafe.Pointer, length uint32) uint32

//go:wasmimport plumbline take
func take(answer unsafe.Pointer)

// The first byte of an answer says what follows it.
const (
	answered byte = iota
	missing
	refused
)

// Refusal is an error of the host's own: Problem is its JSON, which the answer to the whole request carries back unread.
type Refusal struct {
	Problem json.RawMessage
	Message string
}

func (r *Refusal) Error() string { return r.Message }

// first is the refusal that a render met first: engines wrap and reword errors, and try again elsewhere after some.
var first *Refusal

// obstacle is the first that may not be passed over.
var obstacle *Refusal

// Forget is called before each render.
func Forget() { first, obstacle = nil, nil }

// Obstacle is a refusal after which a render that came to its end is another than what stands there: engines go on with defaults where
// a file is away. Where text is tried as a path first, as that of a patch is, leading nowhere is no obstacle.
func Obstacle() *Refusal { return obstacle }

const outside = "PL-RENDER-OUTSIDE"

// FirstRefusal is nil where the host refused nothing.
func FirstRefusal() *Refusal { return first }

// Ask gives the answer's bytes; fs.ErrNotExist for what is not there; a *Refusal for what the host will not or cannot give.
func Ask(question any) ([]byte, error) {
	body, err := json.Marshal(question)
	if err != nil {
		return nil, err
	}
	answer := exchange(body)
	if len(answer) == 0 {
		return nil, errors.New("the host gave no answer")
	}
	switch answer[0] {
	case answered:
		return answer[1:], nil
	case missing:
		return nil, fs.ErrNotExist
	default:
		return nil, refusal(answer[1:])
	}
}

func exchange(body []byte) []byte {
	length := ask(unsafe.Pointer(&body[0]), uint32(len(body)))
	runtime.KeepAlive(body)
	if length == 0 {
		return nil
	}
	answer := make([]byte, length)
	take(unsafe.Pointer(&answer[0]))
	runtime.KeepAlive(answer)
	return answer
}

func refusal(problem []byte) *Refusal {
	var said struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(problem, &said); err != nil {
		said.Message = string(problem)
	}
	refusal := &Refusal{Problem: append(json.RawMessage(nil), problem...), Message: said.Message}
	if first == nil {
		first = refusal
	}
	if obstacle == nil && said.Code != outside {
		obstacle = refusal
	}
	return refusal
}
