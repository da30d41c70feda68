using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Terminals;
using Xunit;

namespace ShellGuard.Linux.Tests.Terminals;

/// <summary>Asks the C compiler for every constant and structure that the terminal code uses.</summary>
public sealed class TerminalAbiTests
{
    [Fact]
    public async Task Constants_and_structures_are_those_of_the_kernel_headers()
    {
        Dictionary<string, long> ours = [];
        foreach (Type type in (Type[])[typeof(TermiosFlag), typeof(TtyIoctl), typeof(FileFlag)])
        {
            foreach (FieldInfo field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic))
            {
                ours[field.Name] = Convert.ToInt64(field.GetRawConstantValue());
            }
        }

        foreach (PollEvents value in Enum.GetValues<PollEvents>().Where(value => value != PollEvents.None))
        {
            ours[value.ToString()] = (long)value;
        }

        ours["sizeof(struct termios2)"] = Marshal.SizeOf<Termios2>();
        ours["offsetof(struct termios2, c_line)"] = (long)Marshal.OffsetOf<Termios2>("c_line");
        ours["offsetof(struct termios2, c_cc)"] = (long)Marshal.OffsetOf<Termios2>("c_cc");
        ours["offsetof(struct termios2, c_ispeed)"] = (long)Marshal.OffsetOf<Termios2>("c_ispeed");
        ours["sizeof(struct winsize)"] = Marshal.SizeOf<WinSize>();
        ours["offsetof(struct winsize, ws_col)"] = (long)Marshal.OffsetOf<WinSize>("ws_col");
        ours["sizeof(struct pollfd)"] = Marshal.SizeOf<pollfd>();
        ours["offsetof(struct pollfd, revents)"] = (long)Marshal.OffsetOf<pollfd>("revents");
        Assert.True(ours.Count > 40);

        string source = """
            #define _GNU_SOURCE
            #include <stdio.h>
            #include <stddef.h>
            #include <fcntl.h>
            #include <poll.h>
            #include <sys/eventfd.h>
            #include <asm/termbits.h>
            #include <asm/ioctls.h>
            #include <asm/termios.h>
            int main(void) {
            """ + string.Concat(ours.Keys.Select(name => $"printf(\"%lld\\n\", (long long)({name}));\n")) + "}\n";
        string[] theirs = await Compiled(source);
        Assert.Equal(ours.Select(pair => $"{pair.Key}={pair.Value}"), ours.Keys.Zip(theirs, (k, v) => $"{k}={v}"));
    }

    private static async Task<string[]> Compiled(string source)
    {
        string folder = Directory.CreateTempSubdirectory("terminal-abi").FullName;
        try
        {
            string program = Path.Combine(folder, "abi");
            await File.WriteAllTextAsync(program + ".c", source);
            await Output("cc", "-w", "-o", program, program + ".c");
            return (await Output(program)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> Output(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
        return output;
    }
}
