package config

import (
	"net"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// reference is an environment variable in a value: ${NAME} or ${NAME:-default},
// with the meaning that the shell gives them (POSIX.1-2024, Shell Command
// Language, 2.6.2): the default stands for a variable that is unset or empty.
var reference = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)(:-([^${}]*))?\}`)

// noEnvironment is the fault of a variable in a value where none is read. A sign
// before the number of a page is none: some forms want "Page$2".
func noEnvironment(text string) fault {
	if !reference.MatchString(strings.NewReplacer("${page}", "", "${offset}", "").Replace(text)) {
		return fault{}
	}
	return fault{"environment variables are not read here", "write the value itself; they are for contact, store.mongodb.uri, queue.url, serve.listen and parts of notify"}
}

// fromEnvironment is a text in which environment variables are replaced. What
// becomes of it is checked afterwards, and never printed: it may be a secret.
// A value that is empty in the end means that the key is not given.
func fromEnvironment(name, want string, check func(raw, expanded string) fault, format func(string) string) kind[string] {
	return kind[string]{
		name:   name,
		schema: fixed(map[string]any{"type": "string"}),
		read: func(w *walker, v value) (string, bool) {
			raw, ok := w.text(v, want)
			if !ok {
				return "", false
			}
			expanded, f := w.expand(raw)
			if f.isZero() && expanded != "" {
				f = check(raw, expanded)
			}
			if !f.isZero() {
				w.add(v, f.what, f.hint)
				return "", false
			}
			return expanded, expanded != ""
		},
		write: func(s string) *yaml.Node {
			if s == "" {
				return nil
			}
			return scalar(format(s))
		},
	}
}

// expand replaces the variables in a text.
func (w *walker) expand(raw string) (string, fault) {
	var f fault
	expanded := reference.ReplaceAllStringFunc(raw, func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		value, set := w.lookupEnv(m[1])
		if m[2] != "" && value == "" {
			return m[3]
		}
		if !set && f.isZero() {
			f = fault{
				"the environment variable " + m[1] + " is not set",
				"set it before the start, or write ${" + m[1] + ":-} if it may be empty",
			}
		}
		return value
	})
	if rest := reference.ReplaceAllString(raw, ""); f.isZero() && strings.Contains(rest, "${") {
		f = fault{"has a ${ that is no environment variable", "write ${NAME} or ${NAME:-default}"}
	}
	return strings.TrimSpace(expanded), f
}

// valueOf names an expanded value in a message without telling a secret.
func valueOf(raw, expanded string) string {
	if m := reference.FindStringSubmatch(raw); m != nil {
		return "the value of " + m[1]
	}
	return show(MaskURL(expanded))
}

// contact is an e-mail address or a web page.
func contact() kind[string] {
	const want = "an e-mail address such as harvester@example.org, or a web page"
	return fromEnvironment("e-mail address or web address", want, func(raw, expanded string) fault {
		if strings.HasPrefix(expanded, "http://") || strings.HasPrefix(expanded, "https://") {
			if f := addressFault(expanded); !f.isZero() {
				return fault{valueOf(raw, expanded) + " is not " + want, ""}
			}
			return fault{}
		}
		if a, err := mail.ParseAddress(expanded); err != nil || a.Address != expanded || !isPrintable(expanded) {
			return fault{valueOf(raw, expanded) + " is not " + want, ""}
		}
		return fault{}
	}, itself)
}

// isPrintable reports whether text may stand in an HTTP header.
func isPrintable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

// serverURL is the address of a server that may hold a password: only as
// ${NAME} in the file, never printed.
func serverURL(want string, schemes ...string) kind[string] {
	return fromEnvironment("server address", want, func(raw, expanded string) fault {
		if hasPlainSecret(raw) {
			return fault{"a password or token stands in the file", "write ${NAME} in its place, and put it into that environment variable"}
		}
		scheme, rest, ok := strings.Cut(expanded, "://")
		hosts := rest[strings.LastIndex(rest, "@")+1:]
		if i := strings.IndexAny(hosts, "/?#"); i >= 0 {
			hosts = hosts[:i]
		}
		if !ok || !slices.Contains(schemes, scheme) || !areHosts(hosts) {
			return fault{valueOf(raw, expanded) + " is not " + want, ""}
		}
		return fault{}
	}, MaskURL)
}

// areHosts reports whether s is one or several host[:port], separated by commas.
func areHosts(s string) bool {
	for host := range strings.SplitSeq(s, ",") {
		name := host
		if h, p, err := net.SplitHostPort(host); err == nil {
			if n, err := strconv.Atoi(p); err != nil || n < 1 || n > 65535 {
				return false
			}
			name = h
		} else if strings.Count(host, ":") == 1 {
			return false
		}
		if name == "" || strings.ContainsAny(name, " \t\r\n@") {
			return false
		}
	}
	return true
}

// Credentials stand before the @ of an address and in parameters like
// tlsCertificateKeyFilePassword.
var (
	userInfo     = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*://)(.*)@`) // to the last @: better too much than too little
	secretOption = regexp.MustCompile(`(?i)([?&;,=][a-z_.-]*(?:password|passwd|secret|token)[a-z_.-]*[=:])([^&;,]*)`)
)

// hasPlainSecret reports whether a secret is written out in a value of the
// file, also as the default of a variable.
func hasPlainSecret(raw string) bool {
	// Without references only what is written out is left.
	left := reference.ReplaceAllString(raw, "$3")
	if m := userInfo.FindStringSubmatch(left); m != nil {
		user, password, ok := strings.Cut(m[2], ":")
		aToken := !ok && user != "" && !strings.HasPrefix(m[1], "mongodb")
		if password != "" || aToken {
			return true
		}
	}
	for _, m := range secretOption.FindAllStringSubmatch(left, -1) {
		if m[2] != "" {
			return true
		}
	}
	return false
}

// MaskURL replaces what is secret in an address: the password before the @
// and the values of parameters that hold one. Print server addresses only
// through it. A user name without a password is masked too, for some servers
// take a token there.
func MaskURL(address string) string {
	masked := userInfo.ReplaceAllStringFunc(address, func(m string) string {
		parts := userInfo.FindStringSubmatch(m)
		if user, _, ok := strings.Cut(parts[2], ":"); ok {
			return parts[1] + user + ":***@"
		}
		return parts[1] + "***@"
	})
	return secretOption.ReplaceAllString(masked, "$1***")
}

// listenAddress is host:port of a server of ours.
func listenAddress() kind[string] {
	const want = "an address such as 127.0.0.1:8787 or :8787"
	return fromEnvironment("host:port", want, func(raw, expanded string) fault {
		host, port, err := net.SplitHostPort(expanded)
		if n, portErr := strconv.Atoi(port); err != nil || portErr != nil || n < 0 || n > 65535 || strings.ContainsAny(host, " /") {
			return fault{valueOf(raw, expanded) + " is not " + want, ""}
		}
		return fault{}
	}, itself)
}
