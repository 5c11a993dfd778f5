package io.galerne.spring.autoconfigure;

import io.galerne.client.Mistral;

/// Sets what properties cannot, such as a proxy. Beans of this type are called in their order, after
/// the properties were applied.
@FunctionalInterface
public interface MistralCustomizer {
  void customize(Mistral.Builder builder);
}
