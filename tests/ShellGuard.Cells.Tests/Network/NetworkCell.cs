using System.Diagnostics;
using System.Net;
using System.Text;
using ShellGuard.Cells.Supervision.Network;
using ShellGuard.Cells.Supervision.Network.Dns;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Tests.Network;

/// <summary>Runs real programs in a small cell (netcell.c) with the real mediator. Needs root and gcc.</summary>
internal sealed class NetworkCell
{
    private static readonly Lazy<string> Helper = new(Compile);

    internal FakeRules Rules { get; } = new();

    internal RecordingSink Sink { get; } = new();

    internal FakeQuestions Questions { get; } = new();

    internal FakeResolver Resolver { get; } = new();

    internal HashSet<(ulong Device, ulong Inode)> GrantedSockets { get; } = [];

    internal static string HelperPath => Helper.Value;

    /// <summary>Grants a name that leads to the host's loopback, with the address itself for the forbidden
    /// ranges.</summary>
    internal void Grant(string name, int port, Decision decision = Decision.Allow)
    {
        Rules.Names[name] = decision;
        Rules.Addresses[(IPAddress.Loopback, port)] = Decision.Allow;
        Resolver.Table[name] = [IPAddress.Loopback];
    }

    internal (int Exit, string Output) Python(string script, params string[] arguments) =>
        Run(["/usr/bin/python3", "-c", script, .. arguments]);

    /// <summary>Runs a program to its end; output is standard output and error together.</summary>
    internal (int Exit, string Output) Run(params string[] command)
    {
        string path = Path.Combine(Path.GetTempPath(), $"netcell-{Guid.NewGuid():N}");
        byte[] address = [AF_UNIX, 0, .. Encoding.ASCII.GetBytes(path), 0];
        Sockets.Create(AF_UNIX, SOCK_STREAM, 0, out Descriptor listener).OrThrow();
        using (listener)
        {
            Sockets.Bind(listener, address).OrThrow();
            Sockets.Listen(listener, 1).OrThrow();
            // .NET hands no descriptor to a child, so a line of python connects and becomes the helper.
            ProcessStartInfo start = new("/usr/bin/python3")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(
                "import os,socket,sys\ns=socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])\n" +
                "s.set_inheritable(True)\nos.execv(sys.argv[2],[sys.argv[2],str(s.fileno()),*sys.argv[3:]])");
            start.ArgumentList.Add(path);
            start.ArgumentList.Add(HelperPath);
            foreach (string word in command)
            {
                start.ArgumentList.Add(word);
            }

            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            short[] ready = new short[1];
            if (Sockets.Poll([listener], POLLIN, 20_000, ready) is not { Succeeded: true, Value: 1 })
            {
                process.Kill(entireProcessTree: true);
                return (-1, output.Result + error.Result);
            }

            Sockets.Accept(listener, out Descriptor control).OrThrow();
            File.Delete(path);
            Serve(control, process);
            if (!process.WaitForExit(10_000))
            {
                process.Kill(entireProcessTree: true);
                return (-2, "time-out: " + output.Result + error.Result);
            }

            return (process.ExitCode, output.Result + error.Result);
        }
    }

    private void Serve(Descriptor control, Process process)
    {
        byte[] data = new byte[1];
        LinuxResult received = Sockets.ReceiveDescriptors(control, data, 3, out Descriptor[] handed);
        control.Dispose();
        if (received.Failed || handed.Length != 3)
        {
            return;
        }

        using NotifyFd notify = new(handed[0].Number);
        handed[0].SetHandleAsInvalid();
        using Descriptor udp = handed[1];
        using Descriptor tcp = handed[2];
        CellFacts facts = new(NetworkMediator.CookieOf(udp), OwnDevices(process.Id), GrantedSockets);
        using NetworkMediator mediator =
            new(notify, facts, Rules, Questions, Sink, new SessionAddresses(), Resolver, udp, tcp);
        Stopwatch time = Stopwatch.StartNew();
        while (time.Elapsed < TimeSpan.FromSeconds(180))
        {
            LinuxResult waited = notify.Wait(1000);
            if (waited.Error == Errno.EPIPE)
            {
                return;
            }

            if (waited is { Succeeded: true, Value: 1 } && notify.Receive(out Notification notification).Succeeded)
            {
                mediator.Handle(notification);
            }
        }
    }

    /// <summary>The private tmpfs that the helper mounts on /mnt.</summary>
    private static HashSet<ulong> OwnDevices(int process)
    {
        HashSet<ulong> devices = [];
        foreach (string line in File.ReadAllLines($"/proc/{process}/mountinfo"))
        {
            string[] fields = line.Split(' ');
            if (fields[4] == "/mnt")
            {
                string[] numbers = fields[2].Split(':');
                devices.Add(ObjectPath.MakeDevice(uint.Parse(numbers[0]), uint.Parse(numbers[1])));
            }
        }

        return devices;
    }

    private static string Compile()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Network", "netcell.c");
        string binary = Path.Combine(Path.GetTempPath(), $"netcell-{Environment.ProcessId}");
        using Process compiler =
            Process.Start("gcc", ["-O1", "-Wall", "-Werror", "-pthread", "-o", binary, source]);
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? binary : throw new InvalidOperationException("gcc failed on netcell.c");
    }
}
