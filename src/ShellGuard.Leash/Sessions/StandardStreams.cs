using System.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Leash.Sessions;

/// <summary>The three descriptors that every program has, and what the leash itself says on them.</summary>
public sealed class StandardStreams : IDisposable
{
    private StandardStreams(Descriptor input, Descriptor output, Descriptor error)
    {
        Input = input;
        Output = output;
        Error = error;
    }

    public Descriptor Input { get; }

    public Descriptor Output { get; }

    public Descriptor Error { get; }

    /// <summary>Takes them. One that the caller closed becomes the null device: the next file that is opened would
    /// otherwise be somebody's standard output.</summary>
    /// <exception cref="LinuxException">No descriptor is left.</exception>
    public static StandardStreams Open() => new(Take(0), Take(1), Take(2));

    /// <summary>Says a line on standard error. That nobody hears it changes nothing.</summary>
    public void Complain(string line) => Write(Error, $"{line}\n");

    /// <summary>Says a line on standard output.</summary>
    public void Say(string line) => Write(Output, $"{line}\n");

    public void Dispose()
    {
        Input.Dispose();
        Output.Dispose();
        Error.Dispose();
    }

    /// <summary>Writes a text as a whole, or as much as the other side takes.</summary>
    public static void Write(Descriptor descriptor, string text)
    {
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);
        while (!bytes.IsEmpty && DescriptorIo.Write(descriptor, bytes) is { Succeeded: true, Value: > 0 } written)
        {
            bytes = bytes[(int)written.Value..];
        }
    }

    private static Descriptor Take(int number)
    {
        LinuxResult result = DescriptorIo.Duplicate(number, out Descriptor duplicate);
        if (result.Succeeded)
        {
            return duplicate;
        }

        Files.Open("/dev/null", OpenFlags.RDWR | OpenFlags.CLOEXEC, out Descriptor nothing).OrThrow();
        if (nothing.Number == number)
        {
            // It is the standard descriptor now, for this process and, without this flag, for those that it starts.
            nothing.SetHandleAsInvalid();
            DescriptorIo.KeepOnExecute(number).OrThrow();
        }
        else
        {
            using (nothing)
            {
                DescriptorIo.Place(nothing, number).OrThrow();
            }
        }

        DescriptorIo.Duplicate(number, out duplicate).OrThrow();
        return duplicate;
    }
}
