package io.galerne.cli.events;

import io.galerne.server.files.FileFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The certificate authorities of `--ca-cert`.
final class TrustedAuthorities {
  private TrustedAuthorities() {}

  /// Trusts these certificates and no others.
  ///
  /// @throws IllegalArgumentException if the file cannot be read or holds no certificates
  static SSLContext of(Path file) {
    try {
      KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
      authorities.load(null, null);
      int number = 0;
      for (Certificate certificate : read(file)) {
        authorities.setCertificateEntry("authority-" + number++, certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new IllegalArgumentException("--ca-cert " + file + ": " + FileFailure.reason(e), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is not available: " + e.getMessage(), e);
    }
  }

  private static Collection<? extends Certificate> read(Path file)
      throws IOException, CertificateException {
    InputStream in = new ByteArrayInputStream(Files.readAllBytes(file));
    try {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (CertificateException e) {
      throw noCertificates(file, e);
    }
    throw noCertificates(file, new CertificateException("There are none"));
  }

  private static IllegalArgumentException noCertificates(Path file, CertificateException cause) {
    return new IllegalArgumentException(
        "--ca-cert " + file + " holds no certificates: it must be PEM, -----BEGIN CERTIFICATE-----",
        cause);
  }
}
