//! Arabic. Sentences are built round nouns, so that a name in them needs no gender.

use super::Words;

pub(super) static WORDS: Words = Words {
    tag: "ar",
    right_to_left: true,

    title_removed: "أُزيل هذا المحتوى",
    title_disabled: "الوصول إلى هذا المحتوى معطَّل",
    title_blocked: "لا يمكن الوصول إلى هذا المحتوى من بعض البلدان",
    title_suspended: "هذا الحساب موقوف",
    title_restricted: "هذا المحتوى مقيَّد",
    title_modified: "عُدِّل هذا المحتوى",
    title_withheld: "هذا المحتوى غير متاح",

    done_removed: "أُزيل من جانب {platform} بتاريخ {date}.",
    done_disabled: "عُطِّل الوصول إليه من جانب {platform} بتاريخ {date}.",
    done_blocked: "حُجب من جانب {platform} بتاريخ {date} عن الزوار من: {countries}.",
    done_suspended: "أُوقف الحساب من جانب {platform} بتاريخ {date}.",
    done_restricted: "قُيِّد من جانب {platform} بتاريخ {date}.",
    done_modified: "عُدِّل من جانب {platform} بتاريخ {date}.",
    done_withheld: "هذا المحتوى غير متاح لدى {platform}.",
    done_withheld_blocked: "هذا المحتوى غير متاح في جميع البلدان لدى {platform}.",
    done_withheld_suspended: "هذا الحساب موقوف لدى {platform}.",
    done_withheld_restricted: "هذا المحتوى مقيَّد لدى {platform}.",
    done_withheld_modified: "عُدِّل هذا المحتوى لدى {platform}.",

    asked_terms: "ورد طلب من {agency} ({country}) إلى {platform} للنظر فيه. كان الطلب طوعيًا: لم يكن أحد ملزمًا بالاستجابة له. \
                  القرار اتُّخذ لدى {platform} وفق شروط الخدمة الخاصة بها.",
    asked_law: "ورد طلب من {agency} ({country}) إلى {platform} للنظر فيه. كان الطلب طوعيًا: لم يكن أحد ملزمًا بالاستجابة له. \
                القرار اتُّخذ لدى {platform} وفق قراءتها الخاصة للقانون بأن المحتوى غير قانوني.",
    ordered_law: "صدر أمر بذلك من {agency} ({country})، مع الادعاء بصلاحية بموجب {citation}. نُفِّذ الأمر من جانب {platform}.",
    ordered_terms: "صدر أمر من {agency} ({country})، مع الادعاء بصلاحية بموجب {citation}. تفيد {platform} بأن القرار اتُّخذ وفق شروط \
                    الخدمة الخاصة بها.",
    territory: "يطلب الأمر أن يسري في: {territory}.",
    everywhere: "يطلب الأمر أن يسري في كل مكان.",
    withdrawn: "سُحب الطلب منذ ذلك الحين من جانب {agency}.",
    reference: "المرجع: {reference}",

    redress: "ما الذي يمكنكم فعله",
    objection: "هل هذا المحتوى لكم؟ يمكنكم الاعتراض من دون حساب: افتحوا {url} وأدخلوا الرمز {code}. يُقرأ ما تكتبونه لدى {platform}، \
                ويصلكم الجواب في المكان نفسه. احتفظوا بالرمز: فهو السبيل الوحيد إلى الجواب.",
    court: "يمكنكم أيضًا اللجوء إلى القضاء وفق ما ينص عليه القانون.",
    court_order: "يمكنكم طلب نظر القضاء في الأمر وفق قانون {jurisdiction}.",
    tco: "اللائحة (الاتحاد الأوروبي) 2021/784: عند الطلب تُطلعكم {platform} على الأسباب وعلى حقوقكم، أو تسلّمكم نسخة من الأمر (المادة \
          11، الفقرة 2). يمكنكم الطعن في الأمر أمام محاكم البلد الذي أصدرته سلطته (المادة 9، الفقرة 2). وإذا كان المقر الرئيسي \
          لـ{platform} في دولة أخرى من دول الاتحاد الأوروبي، فيمكنكم خلال 48 ساعة من إعلامكم أن تطلبوا من سلطة تلك الدولة النظر في \
          الأمر (المادة 4، الفقرة 4).",
    complaints: "الشكاوى بشأن {agency} نفسها: {complaints}",
    ask_platform: "إذا كان هذا المحتوى لكم فيمكنكم سؤال {platform} عنه.",
};
