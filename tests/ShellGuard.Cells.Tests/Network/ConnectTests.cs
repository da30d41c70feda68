using System.Net;
using ShellGuard.Cells.Supervision;
using ShellGuard.Core;
using Xunit;

namespace ShellGuard.Cells.Tests.Network;

public sealed class ConnectTests
{
    private const string Blocking = """
        import socket,sys
        s=socket.create_connection((sys.argv[1],int(sys.argv[2])),timeout=None)
        s.sendall(b'ping'); print(s.recv(10).decode())
        """;

    private const string Nonblocking = """
        import socket,sys,select,errno
        a=socket.getaddrinfo(sys.argv[1],int(sys.argv[2]),type=socket.SOCK_STREAM)[0]
        s=socket.socket(a[0]); s.setblocking(False)
        print(errno.errorcode[s.connect_ex(a[4])])
        select.select([],[s],[],5); print(s.getsockopt(socket.SOL_SOCKET,socket.SO_ERROR))
        print(errno.errorcode[s.connect_ex(a[4])])
        s.setblocking(True); s.sendall(b'ping'); print(s.recv(10).decode())
        """;

    private const string EpollFirst = """
        import socket,sys,select,errno
        a=socket.getaddrinfo(sys.argv[1],int(sys.argv[2]),type=socket.SOCK_STREAM)[0]
        e1=select.epoll(); e2=select.epoll(); s=socket.socket(a[0]); s.setblocking(False)
        e1.register(s,select.EPOLLIN|select.EPOLLOUT|select.EPOLLET); e2.register(s,select.EPOLLIN)
        e1.poll(0); e2.poll(0)
        assert s.connect_ex(a[4])==errno.EINPROGRESS
        r=e1.poll(5); assert r and r[0][0]==s.fileno() and r[0][1]&select.EPOLLOUT and not r[0][1]&select.EPOLLHUP,r
        assert s.getsockopt(socket.SOL_SOCKET,socket.SO_ERROR)==0
        s.send(b'ping')
        r=e2.poll(5); assert r==[(s.fileno(),select.EPOLLIN)],r
        e2.modify(s,select.EPOLLIN|select.EPOLLOUT); assert e2.poll(5)[0][1]==select.EPOLLIN|select.EPOLLOUT
        e2.unregister(s); print(s.recv(10).decode())
        """;

    private const string Asyncio = """
        import asyncio,sys
        async def one():
            r,w=await asyncio.open_connection(sys.argv[1],int(sys.argv[2]))
            w.write(b'ping'); await w.drain(); d=await r.read(10); w.close(); return d
        async def main(): return await asyncio.gather(*[one() for _ in range(20)])
        assert asyncio.run(main())==[b'ping']*20; print('ping')
        """;

    [Theory]
    [InlineData(Blocking, "ping\n")]
    [InlineData(Nonblocking, "EINPROGRESS\n0\nEISCONN\nping\n")]
    [InlineData(EpollFirst, "ping\n")]
    [InlineData(Asyncio, "ping\n")]
    public void A_program_reaches_a_granted_name(string script, string expected)
    {
        using EchoServer server = new();
        NetworkCell cell = new();
        cell.Grant("server.test", server.Port);
        (int exit, string output) = cell.Python(script, "server.test", $"{server.Port}");
        Assert.Equal(expected, output);
        Assert.Equal(0, exit);
        Assert.True(cell.Sink.Allowed($"server.test:{server.Port}/tcp"));
        Assert.True(server.Connections > 0);
    }

    [Fact]
    public void Curl_knows_nothing_of_proxies_and_gets_its_page()
    {
        using EchoServer server = new();
        NetworkCell cell = new();
        cell.Grant("web.test", server.Port);
        (int exit, string output) =
            cell.Run("curl", "-s", "--noproxy", "*", "-m", "20", $"http://web.test:{server.Port}/");
        Assert.Equal((0, "hello"), (exit, output));
    }

    [Fact]
    public void Node_connects_by_name()
    {
        using EchoServer server = new();
        NetworkCell cell = new();
        cell.Grant("web.test", server.Port);
        (int exit, string output) = cell.Run(
            "node", "-e",
            $"require('http').get('http://web.test:{server.Port}/',r=>r.on('data',d=>process.stdout.write(d)))");
        Assert.Equal((0, "hello"), (exit, output));
    }

    [Fact]
    public void What_is_not_granted_is_refused_with_a_record()
    {
        using EchoServer server = new();
        NetworkCell cell = new();
        (int exit, string output) = cell.Python("""
            import socket,sys,errno
            try: socket.getaddrinfo('other.test',80); print('resolved')
            except socket.gaierror as e: print(e.errno)
            s=socket.socket(); print(errno.errorcode[s.connect_ex(('192.0.2.9',443))])
            print(errno.errorcode[s.connect_ex(('169.254.169.254',80))])
            print(errno.errorcode[s.connect_ex(('198.18.77.77',80))])
            u=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); print(errno.errorcode[u.connect_ex(('192.0.2.9',53))])
            v=socket.socket(socket.AF_INET6); print(errno.errorcode[v.connect_ex(('::ffff:192.0.2.9',443))])
            """);
        Assert.Equal(0, exit);
        Assert.Equal("-2\nEACCES\nEACCES\nEACCES\nENETUNREACH\nEACCES\n", output);
        Assert.True(cell.Sink.Denied("other.test"));
        Assert.True(cell.Sink.Denied("192.0.2.9:443/tcp"));
        Assert.True(cell.Sink.Denied("169.254.169.254:80/tcp"));
        Assert.True(cell.Sink.Denied("192.0.2.9:53/udp"));
        Assert.Equal(0, cell.Resolver.Calls);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public void A_name_that_leads_inside_is_refused_unless_the_address_is_granted()
    {
        using EchoServer server = new();
        NetworkCell cell = new();
        cell.Rules.Names["rebound.test"] = Decision.Allow;
        cell.Resolver.Table["rebound.test"] = [IPAddress.Loopback, IPAddress.Parse("10.0.0.1")];
        (_, string output) = cell.Python(
            "import socket,sys,errno\n" +
            "a=socket.getaddrinfo('rebound.test',int(sys.argv[1]),socket.AF_INET,socket.SOCK_STREAM)[0]\n" +
            "print(errno.errorcode[socket.socket().connect_ex(a[4])])",
            $"{server.Port}");
        Assert.Equal("EACCES\n", output);
        Assert.True(cell.Sink.Denied($"rebound.test:{server.Port}/tcp at 127.0.0.1:{server.Port}/tcp"));
        Assert.True(cell.Sink.Denied($"rebound.test:{server.Port}/tcp at 10.0.0.1:{server.Port}/tcp"));
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public void Servers_inside_the_cell_work_on_its_own_loopback()
    {
        NetworkCell cell = new();
        (int exit, string output) = cell.Python("""
            import socket,threading
            for family,address in ((socket.AF_INET,'127.0.0.1'),(socket.AF_INET6,'::1'),(socket.AF_INET,'0.0.0.0')):
                l=socket.socket(family); l.bind((address,0)); l.listen()
                t=threading.Thread(target=lambda:l.accept()[0].sendall(b'in')); t.start()
                c=socket.create_connection((address,l.getsockname()[1])); print(c.recv(9).decode()); t.join()
            """);
        Assert.Equal((0, "in\nin\nin\n"), (exit, output));
    }

    [Theory]
    [InlineData(Answer.Once, "0")]
    [InlineData(Answer.Deny, "EACCES")]
    public void A_question_holds_the_call_and_the_answer_decides(Answer answer, string expected)
    {
        using EchoServer server = new();
        NetworkCell cell = new();
        cell.Grant("asked.test", server.Port, Decision.Ask);
        cell.Questions.Reply = access =>
        {
            Thread.Sleep(200);
            return access.Target == $"asked.test:{server.Port}/tcp" && access.Chain.Count > 0 ? answer : Answer.Deny;
        };
        (_, string output) = cell.Python(
            "import socket,sys,errno\nr=socket.socket().connect_ex(('asked.test',int(sys.argv[1])))\n" +
            "print(errno.errorcode.get(r,r))",
            $"{server.Port}");
        Assert.Equal(expected + "\n", output);
        Assert.Equal(answer == Answer.Deny ? 0 : 1, server.Connections);
    }

    [Fact]
    public void A_journal_that_cannot_be_written_stops_a_granted_connect()
    {
        using EchoServer server = new();
        NetworkCell cell = new();
        cell.Grant("server.test", server.Port);
        cell.Sink.Writes = false;
        (_, string output) = cell.Python(
            "import socket,sys,errno\nprint(errno.errorcode[socket.socket().connect_ex(('server.test',int(sys.argv[1])))])",
            $"{server.Port}");
        Assert.Equal("EACCES\n", output);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public void Options_copies_and_flags_follow_to_the_new_socket()
    {
        using EchoServer server = new();
        NetworkCell cell = new();
        cell.Grant("server.test", server.Port);
        (int exit, string output) = cell.Python("""
            import socket,sys,fcntl,os
            s=socket.socket(); s.setsockopt(socket.IPPROTO_TCP,socket.TCP_NODELAY,1)
            s.setsockopt(socket.SOL_SOCKET,socket.SO_KEEPALIVE,1); s.setsockopt(socket.IPPROTO_TCP,socket.TCP_KEEPIDLE,77)
            s.setsockopt(socket.SOL_SOCKET,socket.SO_RCVBUF,50000); s.set_inheritable(True)
            d=s.dup(); assert not d.get_inheritable()
            b=s.getsockopt(socket.SOL_SOCKET,socket.SO_RCVBUF)
            s.connect(('server.test',int(sys.argv[1])))
            g=s.getsockopt
            print(g(6,socket.TCP_NODELAY),g(1,socket.SO_KEEPALIVE),g(6,socket.TCP_KEEPIDLE),g(1,socket.SO_RCVBUF)==b)
            print(s.get_inheritable(),d.get_inheritable())
            d.sendall(b'copy'); print(s.recv(9).decode())
            """, $"{server.Port}");
        Assert.Equal("1 1 77 True\nTrue False\ncopy\n", output);
        Assert.Equal(0, exit);
    }

    [Fact]
    public void A_silent_peer_does_not_hold_others_up()
    {
        using EchoServer server = new();
        using System.Net.Sockets.Socket full = new(
            System.Net.Sockets.AddressFamily.InterNetwork,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        int silent = ((IPEndPoint)full.LocalEndPoint!).Port;
        NetworkCell cell = new();
        cell.Grant("server.test", server.Port);
        cell.Grant("silent.test", silent);
        (int exit, string output) = cell.Python("""
            import socket,sys,threading,time,os
            def hang():
                try: socket.create_connection(('silent.test',int(sys.argv[2])))
                except OSError: pass
            for _ in range(60): threading.Thread(target=hang,daemon=True).start()
            time.sleep(1); t=time.time()
            for _ in range(20): socket.create_connection(('server.test',int(sys.argv[1]))).close()
            print('fast' if time.time()-t<3 else time.time()-t); sys.stdout.flush(); os._exit(0)
            """, $"{server.Port}", $"{silent}");
        Assert.Equal((0, "fast\n"), (exit, output));
    }

    /// <remarks>With SA_RESTART: a handler without it can see EINTR in the microseconds between the call and its
    /// receipt, docs/network.md.</remarks>
    [Fact]
    public void Ten_thousand_connects_under_signals_end_without_an_interrupted_call()
    {
        NetworkCell cell = new();
        using EchoServer server = new();
        cell.Grant("server.test", server.Port);
        (int exit, string output) = cell.Python("""
            import socket,sys,signal,threading
            n=0
            def tick(*a):
                global n; n+=1
            signal.signal(signal.SIGALRM,tick); signal.siginterrupt(signal.SIGALRM,False)
            signal.setitimer(signal.ITIMER_REAL,0.003,0.003)
            a=socket.getaddrinfo('server.test',int(sys.argv[1]),socket.AF_INET,socket.SOCK_STREAM)[0][4]
            l=socket.socket(); l.bind(('127.0.0.1',0)); l.listen(4096)
            for i in range(int(sys.argv[2])):
                s=socket.socket()
                r=s.connect_ex(a if i%4==0 else l.getsockname()); assert r==0,(i,r)
                if i%4: l.accept()[0].close()
                s.close()
            signal.setitimer(signal.ITIMER_REAL,0); print('done',n>100)
            """, $"{server.Port}", "10000");
        Assert.Equal("0 done True\n", $"{exit} {output}");
    }
}
