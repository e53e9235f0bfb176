package io.sonde.core;

/**
 * Attribute names of the stable OpenTelemetry semantic conventions that instrumentations set;
 * compared by identity.
 */
public final class Names {
  public static final String HTTP_REQUEST_METHOD = "http.request.method";
  public static final String HTTP_REQUEST_METHOD_ORIGINAL = "http.request.method_original";
  public static final String HTTP_REQUEST_RESEND_COUNT = "http.request.resend_count";
  public static final String HTTP_RESPONSE_STATUS_CODE = "http.response.status_code";
  public static final String HTTP_ROUTE = "http.route";
  public static final String URL_FULL = "url.full";
  public static final String URL_PATH = "url.path";
  public static final String URL_QUERY = "url.query";
  public static final String URL_SCHEME = "url.scheme";
  public static final String SERVER_ADDRESS = "server.address";
  public static final String SERVER_PORT = "server.port";
  public static final String CLIENT_ADDRESS = "client.address";
  public static final String CLIENT_PORT = "client.port";
  public static final String NETWORK_PEER_ADDRESS = "network.peer.address";
  public static final String NETWORK_PEER_PORT = "network.peer.port";
  public static final String NETWORK_PROTOCOL_NAME = "network.protocol.name";
  public static final String NETWORK_PROTOCOL_VERSION = "network.protocol.version";
  public static final String USER_AGENT_ORIGINAL = "user_agent.original";
  public static final String ERROR_TYPE = "error.type";
  public static final String DB_SYSTEM_NAME = "db.system.name";
  public static final String DB_NAMESPACE = "db.namespace";
  public static final String DB_COLLECTION_NAME = "db.collection.name";
  public static final String DB_OPERATION_NAME = "db.operation.name";
  public static final String DB_OPERATION_BATCH_SIZE = "db.operation.batch.size";
  public static final String DB_QUERY_SUMMARY = "db.query.summary";
  public static final String DB_QUERY_TEXT = "db.query.text";
  public static final String DB_STORED_PROCEDURE_NAME = "db.stored_procedure.name";
  public static final String DB_RESPONSE_STATUS_CODE = "db.response.status_code";
  public static final String MESSAGING_SYSTEM = "messaging.system";
  public static final String MESSAGING_OPERATION_NAME = "messaging.operation.name";
  public static final String MESSAGING_OPERATION_TYPE = "messaging.operation.type";
  public static final String MESSAGING_DESTINATION_NAME = "messaging.destination.name";
  public static final String MESSAGING_DESTINATION_PARTITION_ID =
      "messaging.destination.partition.id";
  public static final String MESSAGING_CONSUMER_GROUP_NAME = "messaging.consumer.group.name";
  public static final String MESSAGING_CLIENT_ID = "messaging.client.id";
  public static final String MESSAGING_BATCH_MESSAGE_COUNT = "messaging.batch.message_count";
  public static final String MESSAGING_MESSAGE_ID = "messaging.message.id";
  public static final String MESSAGING_MESSAGE_BODY_SIZE = "messaging.message.body.size";
  public static final String MESSAGING_KAFKA_MESSAGE_KEY = "messaging.kafka.message.key";
  public static final String MESSAGING_KAFKA_MESSAGE_TOMBSTONE =
      "messaging.kafka.message.tombstone";
  public static final String MESSAGING_KAFKA_OFFSET = "messaging.kafka.offset";

  public static final String PYROSCOPE_PROFILE_ID = "pyroscope.profile.id";
  public static final String SONDE_CPU = "sonde.cpu_ns";
  public static final String SONDE_ALLOCATED = "sonde.allocated_bytes";
  public static final String SONDE_KEPT_FOR = "sonde.kept_for";
  public static final String SONDE_MEASURED = "sonde.measured_by";

  private Names() {}
}
