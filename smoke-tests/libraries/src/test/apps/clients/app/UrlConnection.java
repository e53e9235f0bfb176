package app;

import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.URI;

/** The JDK's oldest. */
final class UrlConnection implements Caller {
  private final int patience;

  UrlConnection(int patience) {
    this.patience = patience;
    Authenticator.setDefault(credentials());
  }

  static Authenticator credentials() {
    return new Authenticator() {
      @Override
      protected PasswordAuthentication getPasswordAuthentication() {
        return new PasswordAuthentication(USER, PASSWORD.toCharArray());
      }
    };
  }

  @Override
  public int get(URI uri) throws Exception {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setReadTimeout(patience);
    return connection.getResponseCode();
  }
}
