using System.Diagnostics;
using System.Text;
using Xunit;

namespace ShellGuard.System.Tests.Support;

/// <summary>Runs programs with pipes, a clean environment and a time-out.</summary>
internal static class Programs
{
    /// <summary>Generous, because a hang is what it is for and the machine may be busy.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static Outcome Run(string program, params string[] arguments) => Run(Start([program, .. arguments]), null);

    /// <summary>Starts a program with all three standard streams as pipes.</summary>
    /// <param name="environment">Everything that it gets besides PATH and LANG.</param>
    public static Process Start(
        IReadOnlyList<string> command, string? directory = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = SearchPath;
        start.Environment["LANG"] = "C.UTF-8";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Feeds a program, collects what it writes and waits for its end.</summary>
    public static Outcome Run(Process process, byte[]? input, TimeSpan? patience = null)
    {
        using Process running = process;
        using MemoryStream output = new();
        Task copied = running.StandardOutput.BaseStream.CopyToAsync(output);
        Task<string> errors = new StreamReader(running.StandardError.BaseStream, Encoding.UTF8).ReadToEndAsync();
        Task fed = Feed(running, input);
        if (!running.WaitForExit(patience ?? Patience) || !Task.WhenAll(copied, errors, fed).Wait(Patience))
        {
            running.Kill(entireProcessTree: true);
            running.WaitForExit();
            string soFar = errors.Wait(TimeSpan.FromSeconds(2)) ? errors.Result : "(errors are still held open)";
            Assert.Fail($"no end in time: {process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}"
                + $"\n--- errors\n{soFar}");
        }

        return new Outcome(running.ExitCode, output.ToArray(), errors.Result);
    }

    /// <summary>Waits until something is true.</summary>
    /// <param name="what">Named when it does not become true.</param>
    public static void WaitUntil(Func<bool> condition, string what, TimeSpan? patience = null) =>
        WaitUntil(condition, () => what, patience);

    /// <summary>Waits until something is true.</summary>
    /// <param name="what">Says how it stands when it does not become true.</param>
    public static void WaitUntil(Func<bool> condition, Func<string> what, TimeSpan? patience = null)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < (patience ?? TimeSpan.FromSeconds(60)), $"never: {what()}");
            Thread.Sleep(20);
        }
    }

    private static async Task Feed(Process process, byte[]? input)
    {
        try
        {
            await using Stream stream = process.StandardInput.BaseStream;
            await stream.WriteAsync(input ?? []);
        }
        catch (IOException)
        {
            // The program ended without reading all of it, as `true` does: its status says whether that is right.
        }
    }
}
