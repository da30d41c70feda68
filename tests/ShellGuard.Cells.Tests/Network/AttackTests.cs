using System.Net;
using System.Net.Sockets;
using System.Text;
using ShellGuard.Core;
using Xunit;

namespace ShellGuard.Cells.Tests.Network;

/// <summary>Attacks of programs that run in the cell, each with a canary outside it.</summary>
public sealed class AttackTests
{
    [Fact]
    public void An_injected_socket_cannot_be_pointed_elsewhere_or_made_to_listen()
    {
        using EchoServer server = new();
        using EchoServer canary = new();
        NetworkCell cell = new();
        cell.Grant("server.test", server.Port);
        (int exit, string output) = cell.Python("""
            import socket,sys,errno,ctypes,os
            c=ctypes.CDLL(None,use_errno=True)
            def raw(s,b): r=c.connect(s.fileno(),b,len(b)); return errno.errorcode.get(ctypes.get_errno()) if r else 0
            s=socket.socket(); s.connect(('server.test',int(sys.argv[1])))
            print(raw(s,b'\0\0'+bytes(14)))
            print(errno.errorcode[s.connect_ex(('127.0.0.1',int(sys.argv[2])))])
            try: s.listen(); print('listens')
            except OSError as e: print(errno.errorcode[e.errno])
            s.shutdown(2)
            print(raw(s,b'\0\0'+bytes(14)))
            print(errno.errorcode[s.connect_ex(('127.0.0.1',int(sys.argv[2])))])
            try: s.listen(); print('listens')
            except OSError as e: print(errno.errorcode[e.errno])
            """, $"{server.Port}", $"{canary.Port}");
        Assert.Equal("0\nEACCES\nEACCES\nEACCES\nEACCES\nEACCES\nEACCES\n", $"{exit}\n{output}");
        Assert.Equal(0, canary.Connections);
        Assert.True(cell.Sink.Denied("AF_UNSPEC"));
    }

    [Fact]
    public void An_address_rewritten_by_another_thread_never_reaches_the_canary()
    {
        using EchoServer server = new();
        using EchoServer canary = new();
        NetworkCell cell = new();
        cell.Rules.Addresses[(IPAddress.Loopback, server.Port)] = Decision.Allow;
        (int exit, string output) =
            cell.Run(NetworkCell.HelperPath, "race", $"{server.Port}", $"{canary.Port}", "2000");
        Assert.Equal(0, exit);
        Assert.DoesNotContain("connected 0 ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("refused 0\n", output, StringComparison.Ordinal);
        Assert.True(server.Connections > 0);
        Assert.Equal(0, canary.Connections);
    }

    [Fact]
    public void A_full_descriptor_table_is_a_refusal()
    {
        using EchoServer server = new();
        NetworkCell cell = new();
        cell.Grant("server.test", server.Port);
        (int exit, string output) = cell.Python("""
            import socket,sys,errno,os,resource
            a=socket.getaddrinfo('server.test',int(sys.argv[1]),socket.AF_INET,socket.SOCK_STREAM)[0][4]
            s=socket.socket(); os.dup2(s.fileno(),90); t=socket.socket(fileno=90); s.close()
            resource.setrlimit(resource.RLIMIT_NOFILE,(40,40))
            print(errno.errorcode[t.connect_ex(a)])
            """, $"{server.Port}");
        Assert.Equal((0, "EACCES\n"), (exit, output));
    }

    [Fact]
    public void Hostile_addresses_fail_as_the_kernel_would_fail_them()
    {
        NetworkCell cell = new();
        (int exit, string output) = cell.Python("""
            import socket,errno,ctypes,mmap
            c=ctypes.CDLL(None,use_errno=True)
            def raw(fd,p,n): r=c.connect(fd,p,n); return errno.errorcode[ctypes.get_errno()] if r else 0
            s=socket.socket(); b=ctypes.create_string_buffer(200)
            print(raw(s.fileno(),ctypes.c_void_p(8),16),raw(s.fileno(),b,-1),raw(s.fileno(),b,129),raw(s.fileno(),b,1))
            print(raw(0,b,16),raw(777,b,16))
            c.mmap.restype=ctypes.c_void_p
            m=c.mmap(None,8192,3,0x22,-1,0); c.munmap(ctypes.c_void_p(m+4096),4096)
            ctypes.memset(m+4088,2,8)
            print(raw(s.fileno(),ctypes.c_void_p(m+4088),16))
            n=socket.socket(socket.AF_NETLINK,socket.SOCK_RAW,0); print(raw(n.fileno(),b,12))
            r=socket.socket(socket.AF_INET,socket.SOCK_RAW,1); print(raw(r.fileno(),b'\2\0\0\0\x08\x08\x08\x08'+bytes(8),16))
            """);
        Assert.Equal(0, exit);
        Assert.Equal("EFAULT EINVAL EINVAL EINVAL\nENOTSOCK EBADF\nEFAULT\nEAFNOSUPPORT\nEAFNOSUPPORT\n", output);
    }

    [Fact]
    public void Sockets_of_the_host_are_refused_and_own_ones_see_the_caller()
    {
        string path = Path.Combine(Path.GetTempPath(), $"canary-{Guid.NewGuid():N}");
        using Socket canary = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        canary.Bind(new UnixDomainSocketEndPoint(path));
        canary.Listen(8);
        using Socket hidden = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        string name = $"canary-{Guid.NewGuid():N}";
        hidden.Bind(new UnixDomainSocketEndPoint("\0" + name));
        hidden.Listen(8);
        try
        {
            NetworkCell cell = new();
            (int exit, string output) = cell.Python("""
                import socket,sys,errno,os,struct
                U=socket.AF_UNIX
                def code(a): return errno.errorcode.get(r:=socket.socket(U).connect_ex(a),r)
                print(code(sys.argv[1]),code('\0'+sys.argv[2]),code('/mnt/none'),code('/etc/passwd'))
                os.symlink(sys.argv[1],'/mnt/link'); print(code('/mnt/link'))
                for address in ('/mnt/own','\0own'):
                    l=socket.socket(U); l.bind(address); l.listen()
                    if address[0]=='/': os.chmod(address,0o777)
                    if os.fork()==0:
                        os.setgroups([]); os.setgid(2345); os.setuid(1234); os.chdir('/mnt')
                        c=socket.socket(U); c.connect('own' if address[0]=='/' else address)
                        if address[0]=='/': c=socket.socket(U); c.connect('../mnt/./own')
                        os._exit(0)
                    for _ in range(2 if address[0]=='/' else 1):
                        p=l.accept()[0].getsockopt(socket.SOL_SOCKET,socket.SO_PEERCRED,12); print(struct.unpack('3i',p)[1:])
                    os.wait()
                os.chmod('/mnt/own',0o700)
                if os.fork()==0:
                    os.setgid(2345); os.setuid(1234); print(code('/mnt/own')); sys.stdout.flush(); os._exit(0)
                os.wait()
                """, path, name);
            Assert.Equal(
                "EACCES ECONNREFUSED ENOENT ECONNREFUSED\nEACCES\n(1234, 2345)\n(1234, 2345)\n(1234, 2345)\nEACCES\n",
                output);
            Assert.Equal(0, exit);
            Assert.True(cell.Sink.Denied("unix:" + path));
            Assert.False(canary.Poll(0, SelectMode.SelectRead));
            Assert.False(hidden.Poll(0, SelectMode.SelectRead));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_socket_handed_over_by_name_is_reached()
    {
        string path = Path.Combine(Path.GetTempPath(), $"granted-{Guid.NewGuid():N}");
        using Socket server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint(path));
        server.Listen(8);
        try
        {
            ShellGuard.Linux.Calls.ObjectPath.OpenDirectory("/", out var top).OrThrow();
            ShellGuard.Linux.Calls.ObjectPath.OpenInRoot(top, Encoding.ASCII.GetBytes(path), out var found).OrThrow();
            ShellGuard.Linux.Calls.ObjectPath.Describe(found, out var identity).OrThrow();
            NetworkCell cell = new();
            cell.GrantedSockets.Add((identity.Device, identity.Inode));
            (_, string output) = cell.Python(
                "import socket,sys\nprint(socket.socket(socket.AF_UNIX).connect_ex(sys.argv[1]))", path);
            Assert.Equal("0\n", output);
            Assert.True(server.Poll(0, SelectMode.SelectRead));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Numbers_closed_and_reused_by_another_thread_lose_no_other_file()
    {
        using EchoServer server = new();
        NetworkCell cell = new();
        cell.Grant("slow.test", server.Port, Decision.Ask);
        cell.Questions.Reply = _ =>
        {
            Thread.Sleep(500);
            return ShellGuard.Cells.Supervision.Answer.Once;
        };
        (int exit, string output) = cell.Python("""
            import socket,sys,os,threading,errno,time
            a=socket.getaddrinfo('slow.test',int(sys.argv[1]),socket.AF_INET,socket.SOCK_STREAM)[0][4]
            s=socket.socket(); n=s.fileno(); r=[]
            t=threading.Thread(target=lambda:r.append(s.connect_ex(a))); t.start(); time.sleep(0.2)
            f=os.open('/etc/passwd',os.O_RDONLY); os.dup2(f,n); t.join()
            print(errno.errorcode[r[0]],os.readlink(f'/proc/self/fd/{n}'))
            """, $"{server.Port}");
        Assert.Equal((0, "EBADF /etc/passwd\n"), (exit, output));
    }
}
