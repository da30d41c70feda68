using System.Collections;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ShellGuard.Cells.Sessions;
using ShellGuard.Linux.Calls;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cli.Support;

/// <summary>Who called us, from where, with what.</summary>
internal static class Invocation
{
    public static string Version { get; } =
        typeof(Invocation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0] ?? "unknown";

    public static SessionUser User { get; } = new(
        Environment.UserName,
        FileMetadata.EffectiveUser,
        Processes.Group,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    public static PolicyContext PolicyContext =>
        new(User.Home, WorkingDirectory, User.Name, User.Uid);

    /// <exception cref="SessionException">It was removed.</exception>
    public static string WorkingDirectory
    {
        get
        {
            try
            {
                return Environment.CurrentDirectory;
            }
            catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
            {
                throw new SessionException("the working directory does not exist any more: cd to one that does");
            }
        }
    }

    public static string StorageRoot =>
        Environment.GetEnvironmentVariable("SHELLGUARD_STATE") is { Length: > 0 } root
            ? Path.GetFullPath(root)
            : SessionStorage.DefaultRoot(User.Uid);

    public static Dictionary<string, string> Variables
    {
        get
        {
            Dictionary<string, string> variables = new(StringComparer.Ordinal);
            foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            {
                variables[(string)entry.Key] = (string)entry.Value!;
            }

            return variables;
        }
    }

    /// <summary>Loads a policy, or prints everything that is wrong with it.</summary>
    /// <returns>Null after mistakes, which are then on standard error.</returns>
    public static PolicyResult? Load(PolicyRequest request)
    {
        PolicyResult result = PolicyLoader.Load(request, new PolicyFiles());
        if (result.Policy is not null)
        {
            return result;
        }

        Terminal.Error.Write(DiagnosticRenderer.Render(result.Diagnostics, result.Sources));
        return null;
    }

    public static SessionRequest Request(PolicyResult result, IReadOnlyList<string> command) => new(
        result.Policy!, () => Digest(result.Policy!), command, User, WorkingDirectory, Variables, StorageRoot, Version);

    private static string Digest(EffectivePolicy policy)
    {
        string text = string.Join('\n', PolicyText.Show(policy).Select(line => $"{line.Key} = {line.Value}  # {line.Source}"));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))).ToLowerInvariant();
    }
}
