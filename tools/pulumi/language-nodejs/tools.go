//go:build tools

// Package tools names the program that is built, so that go.mod and go.sum hold all it needs.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
