using Xunit;

namespace ShellGuard.Cells.Tests.Network;

/// <summary>Entries in epoll instances move with a connect, wherever the instances came from and went.</summary>
public sealed class EpollTests
{
    private const string Prelude = """
        import errno,os,select,socket,sys
        a=socket.getaddrinfo('server.test',int(sys.argv[1]),socket.AF_INET,socket.SOCK_STREAM)[0][4]
        def through(poll, copy=False):
            s=socket.socket(); s.setblocking(False)
            number=os.dup(s.fileno()) if copy else s.fileno()
            poll.register(number,select.EPOLLIN|select.EPOLLOUT); poll.poll(0)
            assert s.connect_ex(a)==errno.EINPROGRESS
            r=poll.poll(5); assert len(r)==1 and r[0][0]==number and not r[0][1]&select.EPOLLHUP,r
            poll.unregister(number); s.send(b'ping'); s.setblocking(True); assert s.recv(10)==b'ping'
            if copy: os.close(number)

        """;

    private const string Later = """
        for i in range(5): through(select.epoll())
        e=[select.epoll() for i in range(3)]
        for i in range(6): through(e[i%3])
        """;

    private const string Moved = """
        e=select.epoll(); through(e)
        f=select.epoll.fromfd(os.dup(e.fileno())); e.close(); through(f)
        g=select.epoll.fromfd(os.dup2(f.fileno(),700)); f.close(); through(g); through(select.epoll()); through(g)
        """;

    private const string Inherited = """
        e=select.epoll(); through(e)
        for i in range(3):
            child=os.fork()
            if child==0:
                through(e); through(select.epoll()); os._exit(0)
            assert os.waitpid(child,0)[1]==0
        """;

    private const string Copied = """
        e=select.epoll(); through(e, copy=True)
        held=[socket.socket() for i in range(600)]
        through(e, copy=True)
        """;

    private const string Answers = """
        import ctypes,fcntl
        c=ctypes.CDLL(None,use_errno=True)
        def call(n,x): r=c.syscall(n,x); return r if r>=0 else errno.errorcode[ctypes.get_errno()]
        a=call(291,0); b=call(291,0x80000); d=call(213,1)
        assert (b,d)==(a+1,a+2) and [fcntl.fcntl(x,1) for x in (a,b,d)]==[0,1,0]
        assert [call(291,1),call(213,0),call(213,-1)]==['EINVAL']*3
        import resource; resource.setrlimit(resource.RLIMIT_NOFILE,(d+1,d+1)); assert call(291,0)=='EMFILE'
        """;

    [Theory]
    [InlineData(Later)]
    [InlineData(Moved)]
    [InlineData(Inherited)]
    [InlineData(Copied)]
    [InlineData(Answers)]
    public void An_instance_is_found(string script)
    {
        using EchoServer server = new();
        NetworkCell cell = new();
        cell.Grant("server.test", server.Port);
        (int exit, string output) = cell.Python(Prelude + script + "\nprint('done')", $"{server.Port}");
        Assert.Equal((0, "done\n"), (exit, output));
    }
}
