package io.galerne.client.payload;

import java.io.FileNotFoundException;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/// Fetches payloads from a bucket in S3 or a compatible service. Needs `software.amazon.awssdk:s3`
/// and one of the SDK's HTTP clients on the class path.
public final class S3PayloadStore implements PayloadStore {
  private final S3Client client;
  private final String bucket;
  private final String prefix;

  /// A store whose keys are the object keys.
  ///
  /// @param client configured with region, credentials and timeouts; the caller closes it
  @SuppressWarnings("exports") // useless without an S3Client
  public S3PayloadStore(S3Client client, String bucket) {
    this(client, bucket, "");
  }

  /// A store whose object keys have a prefix, as in the workers' setting of that name.
  ///
  /// @param prefix added with a `/` to keys that do not start with it; `""` for none
  @SuppressWarnings("exports")
  public S3PayloadStore(S3Client client, String bucket, String prefix) {
    this.client = client;
    this.bucket = bucket;
    this.prefix = prefix;
  }

  /// Fetches the object's bytes.
  ///
  /// @throws FileNotFoundException if the bucket has no such object
  /// @throws IOException if the object cannot be fetched, or is larger than
  ///     [PayloadDecoder#MAX_BYTES]
  @Override
  public byte[] fetch(String key) throws IOException {
    String objectKey = key.startsWith(prefix) ? key : prefix + "/" + key;
    try (ResponseInputStream<GetObjectResponse> object =
        client.getObject(request -> request.bucket(bucket).key(objectKey))) {
      byte[] bytes = object.readNBytes(PayloadDecoder.MAX_BYTES + 1);
      if (bytes.length > PayloadDecoder.MAX_BYTES) {
        object.abort(); // closing would read the rest
        throw new IOException(
            "The object has more than %d bytes".formatted(PayloadDecoder.MAX_BYTES));
      }
      return bytes;
    } catch (NoSuchKeyException e) {
      FileNotFoundException notFound =
          new FileNotFoundException("The bucket %s has no object %s".formatted(bucket, objectKey));
      notFound.initCause(e);
      throw notFound;
    } catch (SdkException e) {
      throw new IOException("The bucket " + bucket + " cannot be read: " + e.getMessage(), e);
    }
  }
}
