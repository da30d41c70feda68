using System.Text.Json;
using ShellGuard.Cells.Layers;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Gates;

/// <summary>What filters let out, over all sessions of one owner: a line of JSON each, written before the program runs. In
/// any period of its gate's length no more goes out than the budget, whenever sessions begin and end.</summary>
/// <param name="storageRoot">Where sessions are kept.</param>
/// <param name="time">Says when it is.</param>
internal sealed class GateBudgets(string storageRoot, TimeProvider time)
{
    private const string FileName = "gates.jsonl";

    /// <summary>How many bits a filter has left now.</summary>
    /// <exception cref="IOException">It cannot be known.</exception>
    public long Left(GateRule gate)
    {
        using Descriptor file = Open();
        return gate.Gate.Capacity - SpentOf(Read(file), gate);
    }

    /// <summary>Spends bits of a filter's budget.</summary>
    /// <param name="left">What is left then; where it is not spent, what there is.</param>
    /// <returns>Whether that many were left, and the charge stands on the disk.</returns>
    /// <exception cref="IOException">It cannot be known or written: then nothing may pass.</exception>
    public bool TrySpend(GateRule gate, long bits, out long left)
    {
        using Descriptor file = Open();
        List<Charge> charges = Read(file);
        left = gate.Gate.Capacity - SpentOf(charges, gate);
        if (bits > left)
        {
            return false;
        }

        left -= bits;
        Charge charge = new(gate.Gate.Name, time.GetUtcNow().ToUnixTimeMilliseconds(), bits);
        Check(FileContent.Append(file, charge.ToLine()));
        Check(FileContent.Flush(file));
        return true;
    }

    private string Place => $"{storageRoot}/{FileName}";

    /// <summary>Charges of the future count: whoever sets the clock back gains nothing.</summary>
    private long SpentOf(List<Charge> charges, GateRule gate)
    {
        long since = (time.GetUtcNow() - gate.Filter!.Per).ToUnixTimeMilliseconds();
        long spent = 0;
        foreach (Charge charge in charges)
        {
            spent += charge.Gate == gate.Gate.Name && charge.Time > since ? charge.Bits : 0;
        }

        return Math.Min(spent, gate.Gate.Capacity);
    }

    private Descriptor Open()
    {
        const OpenFlags flags =
            OpenFlags.RDWR | OpenFlags.CREAT | OpenFlags.APPEND | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC;
        LinuxResult result = Files.Open(Place, flags, out Descriptor file, 0x180);
        result = result.Failed ? result : LockPatience.Take(file);
        if (result.Failed)
        {
            file.Dispose();
        }

        Check(result);
        return file;
    }

    private List<Charge> Read(Descriptor file)
    {
        Check(Files.Status(file, out FileStatus status));
        byte[] content = new byte[status.Size];
        LinuxResult read = FileContent.ReadFully(file, content, 0);
        Check(read);
        List<Charge> charges = [];
        int at = 0;
        int end;
        while ((end = content.AsSpan(at).IndexOf((byte)'\n')) >= 0)
        {
            charges.Add(Charge.Parse(content.AsMemory(at, end)) ?? throw new IOException(
                $"{Place} is damaged: mend it, or remove it and with it what was spent"));
            at += end + 1;
        }

        if (at < content.Length)
        {
            // The supervisor died while it wrote: what was not whole let nothing out.
            Check(FileContent.SetLength(file, at));
        }

        return charges;
    }

    private void Check(LinuxResult result)
    {
        if (result.Failed)
        {
            throw new IOException($"{Place}, where it is kept what gates let out, cannot be used: {result.Error}");
        }
    }

    private sealed record Charge(string Gate, long Time, long Bits)
    {
        public byte[] ToLine()
        {
            using MemoryStream stream = new();
            using (Utf8JsonWriter json = new(stream))
            {
                json.WriteStartObject();
                json.WriteString("gate", Gate);
                json.WriteNumber("time", Time);
                json.WriteNumber("bits", Bits);
                json.WriteEndObject();
            }

            stream.WriteByte((byte)'\n');
            return stream.ToArray();
        }

        public static Charge? Parse(ReadOnlyMemory<byte> line)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement root = document.RootElement;
                Charge charge = new(
                    root.GetProperty("gate").GetString()!, root.GetProperty("time").GetInt64(),
                    root.GetProperty("bits").GetInt64());
                return charge.Bits > 0 ? charge : null;
            }
            catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException
                or FormatException)
            {
                return null;
            }
        }
    }
}
