// Downloads, whose bytes count only after the end, and bills, checked before their first row.
#ifndef WXPAY_DOWNLOAD_HPP
#define WXPAY_DOWNLOAD_HPP

#include "error.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <map>
#include <stdexcept>
#include <system_error>
#include <vector>
#ifdef _WIN32
#include <io.h>
#include <sys/stat.h>
#else
#include <unistd.h>
#endif

namespace wxpay {

namespace detail {

/// A file that becomes NAME when it is whole: until then it is a new NAME.part that only this user can
/// read, and that goes away with this object.
class Part {
public:
    explicit Part(std::string name) : name_(std::move(name)), part_(name_ + ".part")
    {
        // Not an old file, and not one that a link leads to.
#ifdef _WIN32
        const int file = _open(part_.c_str(), _O_WRONLY | _O_CREAT | _O_EXCL | _O_BINARY, _S_IREAD | _S_IWRITE);
        file_ = file < 0 ? nullptr : _fdopen(file, "wb");
#else
        const int file = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        file_ = file < 0 ? nullptr : ::fdopen(file, "wb");
#endif
        require(file_ != nullptr, part_);
    }
    Part(const Part &) = delete;
    Part &operator=(const Part &) = delete;
    ~Part()
    {
        if (file_ != nullptr)
            std::fclose(file_);
        if (!part_.empty())
            std::remove(part_.c_str());
    }
    void write(const char *from, std::size_t count)
    {
        require(std::fwrite(from, 1, count, file_) == count, part_);
    }
    void finish()
    {
        require(std::fclose(std::exchange(file_, nullptr)) == 0, part_);
#ifdef _WIN32
        std::remove(name_.c_str()); // rename replaces nothing there
#endif
        require(std::rename(part_.c_str(), name_.c_str()) == 0, name_);
        part_.clear();
    }

private:
    static void require(bool holds, const std::string &name)
    {
        if (!holds)
            throw std::system_error(errno, std::generic_category(), name);
    }

    std::string name_, part_;
    std::FILE *file_ = nullptr;
};

} // namespace detail

/// A file on its way. What was read of it counts only after its end: an exception means that it was not the file.
class Download : public generated::Download {
public:
    using generated::Download::Download;

    /// The next bytes, into memory of yours; 0 at the end: only then length, digest and tag were right.
    std::size_t read(char *into, std::size_t capacity)
    {
        detail::Call call;
        std::size_t count = 0;
        call.done(wxpay_download_read(handle(), reinterpret_cast<std::uint8_t *>(into), capacity, &count, call));
        return count;
    }
    /// Writes it to a file, which changes only when everything came and was right: see detail::Part.
    /// `progress` is called with received() and total(). Throws std::system_error for the file, std::logic_error
    /// after a read.
    template <class Progress>
    void save(const std::string &path, Progress &&progress)
    {
        if (received() != 0) // the rest would pass for the whole file
            throw std::logic_error("something of this download was read already; begin one anew to save it");
        detail::Part part(path);
        std::vector<char> buffer(1 << 16);
        while (const std::size_t count = read(buffer.data(), buffer.size())) {
            part.write(buffer.data(), count);
            progress(received(), total());
        }
        part.finish();
    }
    void save(const std::string &path)
    {
        save(path, [](std::int64_t, std::int64_t) {});
    }
};

/// A bill: `while (bill.next_row())`, then by name. Every row was checked before the first.
class Bill : public generated::Bill {
public:
    using generated::Bill::Bill;
    using generated::Bill::fen;
    using generated::Bill::field;

    /// Goes to the next row; false after the last.
    bool next_row()
    {
        next();
        return row() != 0;
    }
    /// A cell of the present row; none if there is no such column.
    [[nodiscard]] std::optional<std::string> field(std::string_view name) const
    {
        return field(static_cast<std::size_t>(column(name)));
    }
    /// The same in fen; none if it is no amount.
    [[nodiscard]] std::optional<std::int64_t> fen(std::string_view name) const
    {
        return fen(static_cast<std::size_t>(column(name)));
    }
    /// The present row by the names of its columns.
    std::map<std::string, std::string> fields() const
    {
        std::map<std::string, std::string> all;
        for (std::size_t index = 0; index < column_count(); ++index)
            all.emplace(column_name(index).value_or(""), field(index).value_or(""));
        return all;
    }
};

} // namespace wxpay

#endif
