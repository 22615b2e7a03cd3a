package sitetest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"log/slog"
	"math/big"
	"net"
	"net/http/httptest"
	"testing"
	"time"
)

// Certificate describes what a site shows about itself. The zero value is good
// for 127.0.0.1 and valid now, and signed by itself.
type Certificate struct {
	Names               []string  // DNS names; none: only the address 127.0.0.1
	OtherAddress        bool      // not for 127.0.0.1
	NotBefore, NotAfter time.Time // default: an hour around now
}

// NewTLS starts a site that speaks https, and HTTP/2 when the client does. The
// pool trusts its certificate.
func NewTLS(tb testing.TB, c Certificate) (*Site, *x509.CertPool) {
	tb.Helper()
	s := newSite()
	s.server = httptest.NewUnstartedServer(s.recorder)
	s.server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // that clients refuse the certificate is the point
	s.server.EnableHTTP2 = true
	certificate, leaf, err := c.sign()
	if err != nil {
		tb.Fatal(err)
	}
	s.server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	s.server.StartTLS()
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	started, stop := s.started()
	tb.Cleanup(stop)
	return started, pool
}

func (c Certificate) sign() (tls.Certificate, *x509.Certificate, error) {
	if c.NotBefore.IsZero() {
		c.NotBefore = time.Now().Add(-time.Hour)
	}
	if c.NotAfter.IsZero() {
		c.NotAfter = time.Now().Add(time.Hour)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "sitetest"},
		NotBefore:             c.NotBefore,
		NotAfter:              c.NotAfter,
		DNSNames:              c.Names,
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	if c.OtherAddress {
		template.IPAddresses = []net.IP{net.IPv4(192, 0, 2, 1)}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, leaf, err
}
