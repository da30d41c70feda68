using System.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Hosting.Attacks;

/// <summary>Takes this process's standard descriptors away for a while: a cell started meanwhile gets an empty input,
/// and what it writes comes here instead of to the terminal.</summary>
internal sealed class QuietDescriptors : IDisposable
{
    private const int SOCK_STREAM = 1;

    private readonly Descriptor[] _saved = new Descriptor[3];
    private readonly Descriptor _reading;
    private readonly Thread _reader;
    private readonly StringBuilder _text = new();
    private bool _ended;

    /// <exception cref="LinuxException">They cannot be replaced.</exception>
    public QuietDescriptors()
    {
        Files.Open("/dev/null", OpenFlags.RDONLY | OpenFlags.CLOEXEC, out Descriptor nothing).OrThrow();
        Sockets.CreatePair(SOCK_STREAM, out _reading, out Descriptor writing).OrThrow();
        using (nothing)
        using (writing)
        {
            for (int number = 0; number < _saved.Length; number++)
            {
                DescriptorIo.Duplicate(number, out _saved[number]).OrThrow();
                DescriptorIo.Place(number == 0 ? nothing : writing, number).OrThrow();
            }
        }

        _reader = new Thread(Read) { IsBackground = true, Name = "attacker's output" };
        _reader.Start();
    }

    /// <summary>Gives the descriptors back and returns everything that was written.</summary>
    public string End()
    {
        if (!_ended)
        {
            _ended = true;
            for (int number = 0; number < _saved.Length; number++)
            {
                DescriptorIo.Place(_saved[number], number);
                _saved[number].Dispose();
            }

            _reader.Join();
            _reading.Dispose();
        }

        return _text.ToString();
    }

    public void Dispose() => End();

    private void Read()
    {
        byte[] buffer = new byte[4096];
        while (Sockets.Receive(_reading, buffer, 0, [], out _) is { Succeeded: true, Value: > 0 } received)
        {
            _text.Append(Encoding.UTF8.GetString(buffer, 0, (int)received.Value));
        }
    }
}
