using System.Security.Cryptography;
using System.Text.Json;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Streams;

/// <summary>What the journal says of a program is what ran.</summary>
public sealed class ExecRecordTests
{
    [Theory, BothIdentities]
    public void An_execution_has_its_path_arguments_hash_and_interpreter(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("tools/script", "#!/usr/bin/python3 -I\nimport os; os.execv('/bin/echo', ['another name', 'two words'])\n");
        File.SetUnixFileMode($"{area.Work}/tools/script", (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink($"{area.Work}/link", "tools/script");
        Assert.Equal("two words\n", area.Inside("./link", "first", "se\ncond").Succeed().Output);

        JsonElement[] records =
        [
            .. area.Shellguard("log", "--json").Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Where(record => record.GetProperty("event").GetString() == "exec"),
        ];
        Assert.Equal(2, records.Length);
        AssertIs(records[0], $"{area.Work}/tools/script", ["./link", "first", "se\ncond"], "/usr/bin/python3");
        AssertIs(records[1], "/usr/bin/echo", ["another name", "two words"], null);
    }

    private static void AssertIs(JsonElement record, string path, string[] arguments, string? interpreter)
    {
        Assert.Equal(path, record.GetProperty("path").GetString());
        Assert.Equal(arguments, record.GetProperty("argv").EnumerateArray().Select(word => word.GetString()));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), record.GetProperty("sha256").GetString());
        Assert.Equal(interpreter, record.TryGetProperty("interpreter", out JsonElement value) ? value.GetString() : null);
        Assert.False(record.GetProperty("fromMemory").GetBoolean());
    }
}
