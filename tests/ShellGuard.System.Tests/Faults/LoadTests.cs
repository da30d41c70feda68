using System.Diagnostics;
using System.Globalization;
using ShellGuard.Journal;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Faults;

public sealed class LoadTests
{
    /// <summary>PORT COUNT: 20 processes that begin their share of the connects without waiting, and then wait for
    /// all of them.</summary>
    private const string Connects = """
        import errno, multiprocessing, select, socket, sys
        def connect(count):
            poll, waiting, greeted = select.epoll(), {}, 0
            for _ in range(count):
                s = socket.socket()
                s.setblocking(False)
                if s.connect_ex(('127.0.0.1', int(sys.argv[1]))) in (0, errno.EINPROGRESS):
                    waiting[s.fileno()] = s
                    poll.register(s, select.EPOLLIN)
            while waiting:
                for number, _ in poll.poll(20):
                    s = waiting.pop(number)
                    poll.unregister(s)
                    greeted += s.recv(100) == b'hello\n'
                    s.close()
            return greeted
        with multiprocessing.Pool(20) as pool:
            print(sum(pool.map(connect, [int(sys.argv[2]) // 20] * 20, chunksize=1)))
        """;

    /// <summary>COUNT PORT…: the same from one process, which says when all are begun.</summary>
    private const string Queued = """
        import errno, resource, select, socket, sys
        count, ports = int(sys.argv[1]), sys.argv[2:]
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        poll, waiting, greeted = select.epoll(), {}, 0
        for number in range(count):
            s = socket.socket()
            s.setblocking(False)
            if s.connect_ex(('127.0.0.1', int(ports[number % len(ports)]))) in (0, errno.EINPROGRESS):
                waiting[s.fileno()] = s
                poll.register(s, select.EPOLLIN)
        print('waiting', len(waiting), len(poll.poll(0)), flush=True)
        while waiting:
            for number, _ in poll.poll(20):
                s = waiting.pop(number)
                greeted += s.recv(100) == b'hello\n'
                s.close()
        print(greeted)
        """;

    /// <summary>Three servers, because the kernel queues no more than 4,096 for one; they accept nobody before all are
    /// there. The hard limit of open files is the caller's, and often smaller.</summary>
    [Theory, BothIdentities]
    public void Ten_thousand_queued_connects_of_one_process_are_all_made(Identity identity)
    {
        using TestArea area = new(identity);
        TaskCompletionSource opens = new();
        Greeter[] servers = [.. Enumerable.Range(0, 3).Select(_ => new Greeter("hello\n", opens: opens.Task))];
        try
        {
            string[] ports = [.. servers.Select(server => server.Port.ToString(CultureInfo.InvariantCulture))];
            area.Write("connects.py", Queued);
            area.Own();
            using Process session = Programs.Start(
                [
                    "/usr/bin/prlimit", "--nofile=10500:10500",
                    .. area.GuardedWords(
                        [.. ports.SelectMany(port => (string[])["--net", $"127.0.0.1:{port}"])],
                        ["/usr/bin/python3", "connects.py", "10000", .. ports]),
                ],
                area.Work, area.Environment);
            Assert.Equal("waiting 10000 0", session.StandardOutput.ReadLine());
            Assert.Equal(0, servers.Sum(server => server.Greeted));
            opens.SetResult();
            Assert.Equal("10000\n", Programs.Run(session, null).Succeed().Output);
        }
        finally
        {
            opens.TrySetResult();
            Array.ForEach(servers, server => server.Dispose());
        }

        Assert.Equal(JournalStatus.Valid, Remains.Verify(area.Sessions[^1]).Status);
        Leftovers.AssertNone(area);
    }

    [Theory, BothIdentities]
    public void Ten_thousand_connects_at_once_are_all_made(Identity identity)
    {
        using TestArea area = new(identity);
        using Greeter server = new("hello\n");
        string port = server.Port.ToString(CultureInfo.InvariantCulture);
        area.Write("connects.py", Connects);
        Outcome outcome = area.Inside(
            ["--net", $"127.0.0.1:{port}"], "/usr/bin/python3", "connects.py", port, "10000").Succeed();
        Assert.Equal("10000\n", outcome.Output);
        Assert.Equal(JournalStatus.Valid, Remains.Verify(area.Sessions[^1]).Status);
        Leftovers.AssertNone(area);
    }

    [Theory, BothIdentities]
    public void Ten_thousand_refused_connects_are_all_refused_and_the_session_goes_on(Identity identity)
    {
        using TestArea area = new(identity);
        using Greeter server = new("hello\n");
        string port = server.Port.ToString(CultureInfo.InvariantCulture);
        area.Write("connects.py", Connects.Replace("'127.0.0.1'", "'198.51.100.1'", StringComparison.Ordinal));
        Outcome outcome = area.InsideShell([], $"python3 connects.py {port} 10000; echo goes on").Succeed();
        Assert.Equal("0\ngoes on\n", outcome.Output);
        Assert.Equal("", outcome.Errors);
        Assert.Equal(0, server.Greeted);
        string session = area.Sessions[^1];
        Assert.Equal(JournalStatus.Valid, Remains.Verify(session).Status);
        Assert.True(
            Remains.JournalText(session).Split("\"event\":\"access\"").Length > 10_000, "every denial has its record");
    }

    [Theory, BothIdentities]
    public void A_storm_of_processes_ends_with_the_session(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.InsideShell([], """
            for i in {1..300}; do (setsid sleep 1000 & setsid sleep 1000 &) ; done
            echo started
            """).Succeed();
        Assert.Equal("started\n", outcome.Output);
        Leftovers.AssertNone(area);
    }
}
