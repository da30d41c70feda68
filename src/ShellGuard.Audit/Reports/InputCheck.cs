using System.Security.Cryptography;
using ShellGuard.Audit.Import;

namespace ShellGuard.Audit.Reports;

/// <summary>Compares the recordings that an audit names with what lies there now.</summary>
public static class InputCheck
{
    public static InputState Of(ImportedInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Name == "-")
        {
            return InputState.Gone;
        }

        if (input.Sha256 is null)
        {
            return InputState.NotHashed;
        }

        try
        {
            using FileStream? file = NamedFile.Open(input.Name);
            if (file is null)
            {
                return InputState.NoFile;
            }

            string found = Convert.ToHexString(SHA256.HashData(file)).ToLowerInvariant();
            return found == input.Sha256 ? InputState.Same : InputState.Changed;
        }
        catch (FileNotFoundException)
        {
            return InputState.Gone;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return InputState.Unreadable;
        }
    }
}
