//! `wxpay_bill`: the rows of a bill, pulled one by one.

use std::ffi::c_char;

use super::download::wxpay_download;
use super::error::wxpay_error;
use super::guard::guard;
use super::handle::{free, get, get_mut, handle, look};
use super::input::{bytes, text};
use super::output::Out;
use super::wxpay_status;
use crate::bill::Bill;
use crate::text::Text;

/// A bill in CSV form: header, rows, totals.
#[allow(non_camel_case_types)]
pub struct wxpay_bill {
    _opaque: [u8; 0],
}
handle!(wxpay_bill, Bill, b"wxpaybil");

/// Reads a bill that was downloaded whole. Every row is checked here; wxpay_bill_next then goes
/// through them.
/// @param csv  the bill's bytes, as wxpay_client_download gave them
/// @param[out] out  owned; release with wxpay_bill_free; it stands before the first row
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 105 423 503
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_open(
    csv: *const c_char,
    csv_len: usize,
    out: *mut *mut wxpay_bill,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            out.put(Bill::open(bytes(csv, csv_len, "csv")?)?);
            Ok(())
        })
    }
}

/// Reads a bill of any size: takes the download to its end into a temporary file that has no name,
/// and gives rows only if length, digest and tag were right.
/// @param download  a download that nothing was read from yet; stays yours
/// @param[out] out  owned; release with wxpay_bill_free; it stands before the first row
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads one at a time per download  @io network and a temporary file  @errors 100 101 103 105 118 210 213 302 303 304 305 307 314 423 500 501 503
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_open_download(
    download: *mut wxpay_download,
    out: *mut *mut wxpay_bill,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            out.put(Bill::open_download(get(
                download.cast_const(),
                "download",
            )?)?);
            Ok(())
        })
    }
}

/// Goes to the next row; after the last one wxpay_bill_row is 0.
/// @param bill  a bill
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads one at a time per bill  @io a temporary file  @errors 100 101 118 423
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_next(
    bill: *mut wxpay_bill,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe { guard(err, || get_mut(bill, "bill")?.next()) }
}

/// Number of the present row, from 1; 0 before the first and after the last.
/// @param bill  a bill, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_row(bill: *const wxpay_bill) -> i64 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(bill, 0, Bill::row) }
}

/// Number of rows, without header and totals.
/// @param bill  a bill, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_row_count(bill: *const wxpay_bill) -> i64 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(bill, 0, Bill::row_count) }
}

/// Number of columns.
/// @param bill  a bill, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_column_count(bill: *const wxpay_bill) -> usize {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(bill, 0, Bill::column_count) }
}

/// Name of a column, as the bill's header has it; NULL beyond the last.
/// @param bill  a bill, or NULL (gives NULL)
/// @param index  of the column, from 0
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_column_name(
    bill: *const wxpay_bill,
    index: usize,
) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe {
        look(bill, std::ptr::null(), |bill| {
            bill.column_name(index).map_or(std::ptr::null(), Text::as_c)
        })
    }
}

/// Index of the column of that name, or -1.
/// @param bill  a bill, or NULL (gives -1)
/// @param name  as the bill's header has it, UTF-8
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_column(
    bill: *const wxpay_bill,
    name: *const c_char,
    name_len: usize,
) -> i32 {
    // SAFETY: every pointer as the header says.
    unsafe {
        look(bill, -1, |bill| {
            text(name, name_len, "name").map_or(-1, |name| bill.column(name))
        })
    }
}

/// Cell of the present row without its backtick; NULL beyond the last, and without a row.
/// A cell that starts with =, +, - or @ is a formula to a spreadsheet: see wxpay_bill_is_text.
/// @param bill  a bill, or NULL (gives NULL)
/// @param index  of the column, from 0
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_field(bill: *const wxpay_bill, index: usize) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe {
        look(bill, std::ptr::null(), |bill| {
            bill.field(index).map_or(std::ptr::null(), Text::as_c)
        })
    }
}

/// 1: the bill marks this cell as text (a backtick stands before it): keep it text when you
/// export it. 0: it does not, or there is no such cell.
/// @param bill  a bill, or NULL (gives 0)
/// @param index  of the column, from 0
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_is_text(bill: *const wxpay_bill, index: usize) -> i32 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(bill, 0, |bill| i32::from(bill.is_text(index))) }
}

/// Cell of the present row in fen: bills are in yuan with two decimals, the API in fen.
/// INT64_MIN when the cell is not such an amount.
/// @param bill  a bill, or NULL (gives INT64_MIN)
/// @param index  of the column, from 0
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_fen(bill: *const wxpay_bill, index: usize) -> i64 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(bill, i64::MIN, |bill| bill.fen(index).unwrap_or(i64::MIN)) }
}

/// A total from the end of the bill, without its backtick; NULL when there is none of that name, and
/// when the bill has several rows of totals.
/// @param bill  a bill, or NULL (gives NULL)
/// @param name  as the bill's header of totals has it, UTF-8
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_total(
    bill: *const wxpay_bill,
    name: *const c_char,
    name_len: usize,
) -> *const c_char {
    // SAFETY: every pointer as the header says.
    unsafe {
        look(bill, std::ptr::null(), |bill| {
            text(name, name_len, "name")
                .ok()
                .and_then(|name| bill.total(name))
                .map_or(std::ptr::null(), Text::as_c)
        })
    }
}

/// A total in fen; INT64_MIN when there is none of that name or it is not an amount.
/// @param bill  a bill, or NULL (gives INT64_MIN)
/// @param name  as the bill's header of totals has it, UTF-8
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_total_fen(
    bill: *const wxpay_bill,
    name: *const c_char,
    name_len: usize,
) -> i64 {
    // SAFETY: every pointer as the header says.
    unsafe {
        look(bill, i64::MIN, |bill| {
            text(name, name_len, "name")
                .ok()
                .and_then(|name| bill.total_fen(name))
                .unwrap_or(i64::MIN)
        })
    }
}

/// Releases a bill.
/// @param bill  a bill, or NULL
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_bill_free(bill: *mut wxpay_bill) {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { free(bill) };
}
