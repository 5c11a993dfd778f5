package io.galerne.server;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/// Netty's epoll handler with a workaround for one bug.
///
/// Netty 4.2.18 removes a socket from epoll while it awaits no event, and forgets that it did: the
/// next interest, such as `EPOLLOUT`, fails with `ENOENT`, and the connection is closed. This hit
/// every half-closed client whose answer did not fit into the socket's buffer. This handler keeps
/// such a socket in epoll, edge-triggered, so that it causes no wake-ups.
final class KeptEpollHandler implements IoHandler {
  private final IoHandler epoll;

  private KeptEpollHandler(IoHandler epoll) {
    this.epoll = epoll;
  }

  static IoHandlerFactory newFactory() {
    IoHandlerFactory epoll = EpollIoHandler.newFactory();
    return executor -> new KeptEpollHandler(epoll.newHandler(executor));
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return new Kept(epoll.register(handle));
  }

  /// A registration that stays in epoll once added.
  private static final class Kept implements IoRegistration {
    private final IoRegistration registration;
    private boolean added;

    private Kept(IoRegistration registration) {
      this.registration = registration;
    }

    @Override
    public long submit(IoOps ops) {
      if (EpollIoOps.NONE.equals(ops) && added) {
        return registration.submit(EpollIoOps.EPOLLET);
      }
      added |= !EpollIoOps.NONE.equals(ops);
      return registration.submit(ops);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // as Netty declares it
    public <T> T attachment() {
      return registration.attachment();
    }

    @Override
    public boolean isValid() {
      return registration.isValid();
    }

    @Override
    public boolean cancel() {
      return registration.cancel();
    }
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return epoll.run(context);
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> type) {
    return epoll.isCompatible(type);
  }
}
