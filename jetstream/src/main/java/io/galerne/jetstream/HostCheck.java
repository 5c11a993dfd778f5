package io.galerne.jetstream;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trusts a NATS server only if its certificate is for the requested host.
///
/// Java checks the host only if a socket's parameters ask for it. The NATS client does not set
/// them, so a man in the middle with any trusted certificate could impersonate the servers. Setting
/// them here, during the handshake, is early enough: the wrapped manager reads them from the
/// socket. Safe for use by several threads.
final class HostCheck extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager trusted;
  private final Consumer<String> refusals;

  /// @param trusted checks the certificates' authorities
  /// @param refusals receives why a certificate is refused and what to do, because the NATS client
  ///     does not report it; called by the thread that connects
  HostCheck(X509ExtendedTrustManager trusted, Consumer<String> refusals) {
    this.trusted = trusted;
    this.refusals = refusals;
  }

  @FunctionalInterface
  private interface Check {
    void run() throws CertificateException;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    if (!(socket instanceof SSLSocket tls)) {
      throw hostUnknown();
    }
    check(
        tls.getHandshakeSession(),
        () -> trusted.checkServerTrusted(chain, authType, tls),
        () -> tls.setSSLParameters(withHost(tls.getSSLParameters())));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(
        engine.getHandshakeSession(),
        () -> trusted.checkServerTrusted(chain, authType, engine),
        () -> engine.setSSLParameters(withHost(engine.getSSLParameters())));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw hostUnknown();
  }

  /// Checks without the host first, then with it, so that each failure has one cause.
  private void check(SSLSession session, Check trust, Runnable askForHost)
      throws CertificateException {
    String certificate = "the certificate of " + session.getPeerHost();
    try {
      trust.run();
    } catch (CertificateException e) {
      String advice = "give its authority with `nats.tls.authority`";
      throw refused(certificate + " is not trusted; " + advice, e);
    }
    askForHost.run();
    try {
      trust.run();
    } catch (CertificateException e) {
      String advice =
          "connect to a host that it names, or give the server a certificate for this one";
      throw refused(certificate + " is not for this host; " + advice, e);
    }
  }

  private CertificateException refused(String why, CertificateException cause) {
    refusals.accept(why + " (" + cause.getMessage() + ")");
    return new CertificateException(why, cause);
  }

  private static SSLParameters withHost(SSLParameters parameters) {
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    return parameters;
  }

  private static CertificateException hostUnknown() {
    return new CertificateException("Cannot check a certificate without knowing the host");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    trusted.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    trusted.checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    trusted.checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trusted.getAcceptedIssuers();
  }
}
