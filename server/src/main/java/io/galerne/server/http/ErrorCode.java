package io.galerne.server.http;

/// Error codes (contract, section 6). The contract defines the first three there and those of
/// tokens in section 3; the others are ours. `WF_1104` is reserved: it is Mistral's code for a key
/// that may not use a deployment.
public enum ErrorCode {
  INTERNAL("WF_1000"),
  STREAM("WF_1400"),
  STORE("WF_1600"),
  BAD_REQUEST("WF_1100"),
  UNAUTHORIZED("WF_1101"),
  FORBIDDEN("WF_1103"),
  NOT_FOUND("WF_1144"),
  METHOD_NOT_ALLOWED("WF_1105"),
  TIMEOUT("WF_1108"),
  TOO_LARGE("WF_1113"),
  UNSUPPORTED_MEDIA_TYPE("WF_1115"),
  OVERLOADED("WF_1153"),
  ROUTE_TOKEN_EXPIRED("EVENT_ROUTE_TOKEN_EXPIRED"),
  ROUTE_TOKEN_INVALID("EVENT_ROUTE_TOKEN_INVALID");

  private final String wire;

  ErrorCode(String wire) {
    this.wire = wire;
  }

  String wire() {
    return wire;
  }
}
