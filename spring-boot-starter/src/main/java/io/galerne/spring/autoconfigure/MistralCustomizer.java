package io.galerne.spring.autoconfigure;

import io.galerne.client.Mistral;

/// Customises the client beyond the properties, such as with a proxy. Beans of this type are called
/// in their order, after the properties are applied.
@FunctionalInterface
public interface MistralCustomizer {
  void customize(Mistral.Builder builder);
}
