using System.Diagnostics;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;
using Xunit;

namespace ShellGuard.Linux.Tests.Seccomp;

/// <summary>A running filtered.c with a listener, which the test answers.</summary>
internal sealed class FilteredProgram : IDisposable
{
    private static readonly Lazy<string> _binary = new(() => CCompiler.Compile(
        [File.ReadAllText(Path.Combine(Repository.Root, "tests/ShellGuard.Linux.Tests/Seccomp/filtered.c"))]));

    private readonly Process _process;
    private readonly List<Thread> _threads = [];

    internal FilteredProgram(SECCOMP_FILTER_FLAG flags, SystemCallTable? table = null)
    {
        string filter = WriteFilter(table ?? SystemCallTable.Default);
        _process = CCompiler.Start(_binary.Value, "listen", filter, $"{(uint)flags}");
        int number = int.Parse(ReadLine());
        using var process = new Descriptor((int)Kernel.Call(SystemCall.pidfd_open, _process.Id).OrThrow());
        Listener = new NotifyFd((int)Kernel.Call(SystemCall.pidfd_getfd, process.Number, number).OrThrow());
    }

    internal NotifyFd Listener { get; }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();

        // With its last process gone, nobody waits for the listener any more.
        _threads.ForEach(thread => thread.Join());
        Listener.Dispose();
    }

    /// <summary>Runs one of its other modes to the end.</summary>
    internal static string RunMode(string mode, FilterProgram filter)
    {
        (int status, string text, string errors) = CCompiler.Run(_binary.Value, mode, WriteFilter(filter));
        Assert.True(status == 0, errors);
        return text;
    }

    internal void Tell(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
    }

    internal string ReadLine() =>
        _process.StandardOutput.ReadLine() ?? throw new EndOfStreamException(_process.StandardError.ReadToEnd());

    /// <summary>Receives the next call.</summary>
    internal Notification Receive()
    {
        LinuxResult result;
        Notification notification;
        do
        {
            result = Listener.Receive(out notification);
        }
        while (result.Error == Errno.ENOENT);
        result.OrThrow();
        return notification;
    }

    /// <summary>Answers every call in a thread of its own until no process is left.</summary>
    /// <returns>The thread.</returns>
    internal Thread AnswerAll(Func<Notification, LinuxResult> answer)
    {
        var thread = new Thread(() =>
        {
            while (true)
            {
                LinuxResult result = Listener.Receive(out Notification notification);
                if (result.Succeeded)
                {
                    answer(notification);
                }
                else if (result.Error != Errno.ENOENT)
                {
                    return;
                }
            }
        });
        thread.IsBackground = true;
        thread.Start();
        _threads.Add(thread);
        return thread;
    }

    /// <summary>Lets the program end by itself.</summary>
    internal int Finish()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        return _process.ExitCode;
    }

    private static string WriteFilter(SystemCallTable table) => WriteFilter(FilterCompiler.Compile(table));

    private static string WriteFilter(FilterProgram program)
    {
        string path = Path.Combine(Path.GetDirectoryName(_binary.Value)!, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(path, program.Bytes.ToArray());
        return path;
    }
}
