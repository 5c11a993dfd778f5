package io.galerne.spring;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/// Finds the bean methods with a [WorkflowEventListener].
final class ListenerScan {
  private final ConfigurableListableBeanFactory beans;

  ListenerScan(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  List<ListenerMethod> methods() {
    List<ListenerMethod> found = new ArrayList<>();
    for (String name : beans.getBeanNamesForType(Object.class)) {
      Class<?> type = ScopedProxyUtils.isScopedTarget(name) ? null : targetClass(name);
      if (type != null && AnnotationUtils.isCandidateClass(type, WorkflowEventListener.class)) {
        collect(name, type, found);
      }
    }
    return found;
  }

  private @Nullable Class<?> targetClass(String name) {
    try {
      return AutoProxyUtils.determineTargetClass(beans, name);
    } catch (Throwable e) { // the class of an unused bean may be missing
      return null;
    }
  }

  private void collect(String name, Class<?> type, List<ListenerMethod> found) {
    MetadataLookup<WorkflowEventListener> lookup =
        method -> AnnotatedElementUtils.findMergedAnnotation(method, WorkflowEventListener.class);
    Map<Method, WorkflowEventListener> methods = MethodIntrospector.selectMethods(type, lookup);
    methods.forEach((method, listener) -> {
      Class<?> proxied = beans.getType(name);
      Method callable = AopUtils.selectInvocableMethod(method, proxied == null ? type : proxied);
      found.add(new ListenerMethod(callable, () -> beans.getBean(name), listener, this::resolved));
    });
  }

  private String resolved(String text) {
    String resolved = beans.resolveEmbeddedValue(text);
    return resolved == null ? "" : resolved;
  }
}
