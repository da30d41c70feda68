       identification division.
       program-id. invoice.
      * A month's orders become invoices: totals by customer, and a line
      * in the log. What a vendor hands over; nobody here wrote it.
       environment division.
       input-output section.
       file-control.
           select orders assign to "/srv/batch/in/orders.dat"
               organization is line sequential
               file status is order-status.
           select invoices assign to "/srv/batch/out/invoices.dat"
               organization is line sequential.
           select optional journal assign to "/var/log/invoice.log"
               organization is line sequential.
       data division.
       file section.
       fd orders.
       01 order-line.
           05 customer pic x(12).
           05 amount   pic 9(6)v99.
       fd invoices.
       01 invoice-line.
           05 invoice-customer pic x(12).
           05 invoice-sum      pic z(7)9.99.
       fd journal.
       01 journal-line pic x(60).
       working-storage section.
       01 order-status pic xx.
       01 current-customer pic x(12) value spaces.
       01 total pic 9(8)v99 value 0.
       01 grand pic 9(8)v99 value 0.
       01 shown pic z(7)9.99.
       01 lines-read pic 9(5) value 0.
       procedure division.
       begin.
           open input orders.
           if order-status not = "00"
               display "invoice: no orders, status " order-status
                   upon syserr
               move 8 to return-code
               stop run
           end-if.
           open output invoices.
           perform until order-status = "10"
               read orders
                   at end move "10" to order-status
                   not at end perform one-order
               end-read
           end-perform.
           perform write-invoice.
           close orders invoices.
           open extend journal.
           move grand to shown.
           string "invoice: " lines-read " orders, total " shown
               delimited by size into journal-line.
           write journal-line.
           close journal.
           call "SYSTEM" using
               "chown 1000 /srv/batch/out/invoices.dat".
           display "invoice: " lines-read " orders, total " shown.
           stop run.
       one-order.
           add 1 to lines-read.
           if customer not = current-customer
               perform write-invoice
               move customer to current-customer
           end-if.
           add amount to total grand.
       write-invoice.
           if current-customer not = spaces
               move current-customer to invoice-customer
               move total to invoice-sum
               write invoice-line
           end-if.
           move 0 to total.
