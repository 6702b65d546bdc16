"""Words of danger: heard in every language, and not heard where they mean something harmless."""

# ruff: noqa: E501 - messages as people write them

from functools import cache
from pathlib import Path

import pytest

from bot.flow.load import load_library
from bot.flow.yaml_reader import read_text
from bot.i18n.locales import TAG_OF_FOLDER
from bot.nlu.alarms import URGENCY
from bot.nlu.understand import Nlu, load_nlu

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("en", "ja", "ja@simple", "vi")

HEARD = {
    "danger": [
        "My ex says he will kill me", "someone is following me home, I'm scared", "I want to die", "i dont want to live, thinking about suicide",
        "My employer locked me in the dormitory and does not let me out", "he has a knife", "I think I was trafficked to Japan",
        "my life is in danger please", "call an ambulance my friend is not breathing",
        "夫に殺されそうです", "もう死にたいです", "寮に閉じ込められています", "元彼がストーカーで怖いです", "ナイフを持った人がいます", "救急車を呼んでください",
        "社長に「訴えるぞ」と脅されて逃げられないです", "自殺したいです",
        "ころされそうです たすけて", "しゃちょうに へやに とじこめられました", "もう しにたいです", "おとこの ひとに あとを つけられて います", "きゅうきゅうしゃを よんで ください",
        "chồng tôi dọa giết tôi", "tôi muốn tự tử", "chủ nhốt tôi trong phòng", "tôi đang gặp nguy hiểm, cứu với", "có người cầm dao trước cửa", "gọi xe cấp cứu giúp tôi", "chong toi doa giet toi",
        "Tôi bị đe dọa và không cho ra ngoài",
        "i dont want to live anymore", "he threatened to stab me if I leave", "my ex is waiting outside my house", "they locked us in the dorm at night", "Someone is breaking into my apartment right now", "my husband doesn't let me leave the house", "she took all the pills please help", "my boyfriend pulled a knife on me", "boss won't let us out of the factory dormitory", "I was sold to a club in Osaka", "a man follows me home every night", "yakuza are threatening my family",
        "もう生きていたくないです", "死んだほうがいい", "包丁を持って追いかけてきます", "外から鍵をかけられて出られません", "korosareru tasukete", "mou shinitai", "友達が薬を大量に飲みました", "知らない男がついてくる、怖い", "寮から出してもらえません", "風俗で働かされています", "しんだ ほうが いいです", "へやから でられません、そとから かぎ",
        "おとこの ひとが ついてくる こわいです", "ち とまらない たすけて", "ナイフを もった ひとが います", "ころすと いわれました", "em không muốn sống nữa", "nó đòi giết em", "chồng nhốt em trong nhà", "hắn cầm dao đứng trước cửa", "em bị ép bán dâm", "bạn em uống hết thuốc rồi", "có người theo dõi em", "chu nhot em trong phong",
        "toi muon chet", "em bi nhot trong phong",
        "남자친구가 칼을 들고 있어요", "자살하고 싶어요", "기숙사에 갇혔어요", "죽고 싶어요", "我不想活了", "老板把我锁在宿舍里", "有人要杀我", "我想自杀", "gusto ko nang mamatay", "ikinulong ako ng amo ko sa kwarto", "papatayin ako ng asawa ko", "म मर्न चाहन्छु", "मलाई कोठामा थुनेको छ", "मलाई मार्ने धम्की दियो", "आत्महत्या गर्न मन लाग्यो", "saya ingin mati", "bos mengurung saya di kamar", "dia mengancam membunuh saya", "saya mau bunuh diri", "quero morrer", "o patrão me trancou no quarto", "ele ameaça me matar",
    ],
    "violence": [
        "My husband beats me", "he hit me again last night, what about my visa", "domestic violence, can I get help", "My boss kicked me at work",
        "My wife is violent and hits me", "DV from my partner", "I was sexually assaulted by a coworker", "my father hits my child",
        "夫に殴られています", "妻からDVを受けています", "社長に蹴られました", "家庭内暴力で困っています", "同僚にレイプされました", "子どもが虐待されているかもしれません", "彼に首を絞められた", "夫が暴力を振るいます", "主人から暴力を受けて家を出ました", "彼氏に叩かれた", "夫が毎日殴る", "義理の父に性的暴行を受けました",
        "おっとが わたしを なぐります", "しゃちょうに けられました", "ぼうりょくを うけて います", "だんなさんに たたかれます どうしますか", "おっとの DVです", "おっとが わたしを たたきます", "こどもを たたきます", "しゃちょうに けられた",
        "Chồng đánh tôi mỗi ngày", "tôi bị bạo hành gia đình", "sếp tát tôi ở công ty", "chong danh toi hoai", "tôi bị quấy rối tình dục ở chỗ làm", "con tôi bị đánh đập", "tôi bị chồng đánh, muốn ly hôn",
        "bị bạo lực thì visa phụ thuộc sao", "bị chủ đánh", "em bị sếp sàm sỡ",
        "hubby slapped me again", "my bf choked me last night", "dad beats my mom and me", "my boss slapped me in front of everyone", "the foreman kicked us", "my mother in law pulls my hair", "he pushed me down the stairs", "I am beaten by my husband", "my supervisor groped me", "got beaten up by my coworkers", "she slaps me when she is angry", "my partner grabbed me by the throat",
        "旦那に叩かれた", "彼氏に突き飛ばされました", "上司に胸を触られた", "父に蹴られた", "danna ni nagurareta", "shachou ni kerareta", "先輩にハンマーで殴られた", "姑に髪を引っ張られます", "夫が物を投げてきます", "夫に首を締められました", "だんなが わたしを けります", "せんぱいに ぼうで なぐられた",
        "かれに くびを しめられました", "てんちょうが むねを さわります", "まいにち なぐられて います", "つまに ものを なげられました", "chồng tát em", "chồng em đánh em hoài", "bị sếp tát trước mặt mọi người", "bạn trai bóp cổ tôi", "chong tat em", "bi chu danh", "tổ trưởng đạp vào bụng em", "quản lý sờ mó em",
        "bố dượng đánh con tôi", "bi chong danh",
        "남편이 저를 때려요", "가정폭력 당하고 있어요", "老公打我", "我被家暴了", "sinasaktan ako ng asawa ko", "binugbog ako ng asawa ko", "श्रीमानले मलाई कुट्छ", "घरेलु हिंसा", "suami saya memukul saya", "saya dipukul suami", "meu marido me bate", "fui agredida pelo meu namorado", "violência doméstica",
    ],
    "detained": [
        "My husband was arrested yesterday", "police arrested my friend in Shinjuku", "my brother is in immigration detention", "I'm being held by the police, what do I do",
        "She got detained at Narita", "my boyfriend is in jail in Osaka", "He received a deportation order", "immigration came to the factory and took my coworkers", "police took my husband this morning",
        "夫が逮捕されました", "友人が入管に収容されています", "警察に連れて行かれました", "弟が捕まりました。どうすればいいですか", "留置場にいます", "退去強制令書が出ました", "強制送還されそうです",
        "ともだちが けいさつに つかまりました", "おっとが たいほされました", "おとうとが にゅうかんに つれて いかれました", "いま けいさつの りゅうちじょうに います",
        "Chồng tôi bị bắt rồi", "bạn tôi bị cảnh sát bắt ở Osaka", "em gái tôi bị tạm giữ ở sân bay", "anh tôi đang ở trại giam", "tôi nhận được lệnh trục xuất", "ban toi bi canh sat bat", "nó bị cục bắt hôm qua", "chồng em bị nhập cảnh giữ",
        "hubby arrested", "police took my dad", "my brother got arrested this morning", "they arrested my roommate at work", "immigration caught my cousin", "my wife is in immigration detention", "husband locked up at the police station", "cops arrested my bf", "my friend was taken by the police", "my son is behind bars in Nagoya", "they are going to deport my husband", "he was taken away in handcuffs",
        "警察につかまった", "旦那が警察に連れて行かれた", "息子が警察につかまりました", "妻が入管に収容中です", "友達が手錠をかけられた", "taiho sareta", "keisatsu ni tsukamatta", "入管が夫を連れて行きました", "昨日弟が逮捕されました", "彼が留置所にいます", "けいさつに つかまった", "おっとが けいさつに つれて いかれました",
        "ともだちは りゅうちじょに います", "にゅうかんが ともだちを つれて いきました", "いもうとが つかまって います", "つまが しゅうようされました", "bị bắt rồi", "chồng em bị bắt sáng nay", "cảnh sát bắt em trai tôi", "bạn em bị còng tay", "chong toi bi bat roi", "em gái đang bị giam ở Ushiku", "nyukan bắt bạn tôi", "em trai bị đưa về đồn",
        "ban toi bi tam giam", "vợ tôi sắp bị trục xuất",
        "경찰에 체포됐어요 남편이", "제 친구가 입관에 수용됐어요", "我老公被警察抓了", "我被入管收容了", "nahuli ng pulis ang asawa ko", "मेरो श्रीमानलाई प्रहरीले पक्र्यो", "suami ditangkap polisi", "meu marido foi preso",
    ],
    "passport-taken": [
        "My boss took my passport", "the company keeps our passports and won't give them back", "my husband hid my residence card", "Employer is holding my passport",
        "The broker refuses to return my passport", "they don't give me back my passport", "they confiscated my passport at the factory", "our boss keeps everyone's residence cards", "the agency is keeping my passport until I pay", "my supervisor has my passport and says I can't have it",
        "会社がパスポートを返してくれません", "社長にパスポートを取り上げられました", "監理団体が在留カードを預かっています", "パスポートを会社に没収された", "夫に在留カードを隠されました",
        "かいしゃが パスポートを かえしてくれません", "しゃちょうに ざいりゅうカードを とりあげられました", "くみあいが わたしの パスポートを もって います",
        "công ty giữ hộ chiếu của tôi", "ông chủ không trả hộ chiếu", "nghiệp đoàn thu hộ chiếu và thẻ của bọn em", "chồng giấu hộ chiếu của tôi", "cong ty giu ho chieu khong tra",
        "môi giới cầm hộ chiếu đòi tiền",
        "boss has my passport", "my employer has our passports", "my sponsor won't give my passport back", "hubby hid my passport", "the broker has my passport and wants money", "they collected all passports at the factory", "my agency is holding my residence card", "the owner of the club keeps our passports", "my ex won't return my passport", "manager locked up my passport", "my passport was taken by my employer", "how do I get my passport back from my boss",
        "社長がパスポート持ってる", "会社にパスポート取り上げられた", "ブローカーが旅券を返さない", "旦那にパスポートを隠された", "監督が在留カードを渡してくれない", "kaisha ga pasupooto kaeshite kurenai", "店長にパスポートを奪われた", "組合にパスポートを没収された", "社長が私のパスポートを預かって返してくれない", "義母に在留カードを隠されました", "しゃちょうが パスポートを もってる", "かいしゃが わたしの パスポートを かえしません",
        "だんなが パスポートを かくしました", "くみあいに りょけんを とりあげられた", "てんちょうが ざいりゅうカードを かえして くれません", "ボスが パスポートを もって いて かえさない", "chủ giữ hộ chiếu của em", "công ty thu hết hộ chiếu của bọn em", "sếp cầm passport của em", "bị công ty giữ hộ chiếu", "chồng giấu passport của em", "mẹ chồng giấu thẻ ngoại kiều của em", "nghiep doan giu ho chieu", "chu khong tra ho chieu",
        "môi giới không trả hộ chiếu", "trường giữ hộ chiếu của em",
        "사장이 여권을 안 돌려줘요", "公司扣了我的护照", "老板不还我护照", "kinuha ng amo ko ang passport ko", "ayaw ibalik ng kumpanya ang passport ko", "मालिकले मेरो पासपोर्ट राखेको छ", "साहुले पासपोर्ट फिर्ता दिएन", "paspor saya ditahan bos", "paspor saya diambil bos", "o chefe ficou com meu passaporte", "não devolvem meu passaporte",
    ],
    "overstayed": [
        "I overstayed my visa", "My visa expired two years ago and I am still in Japan", "I'm overstaying since May", "my overstay is two years", "my friend overstayed, can he go home", "I have no visa anymore",
        "I am illegally in Japan", "we have overstayed by three months",
        "オーバーステイしています", "不法滞在になってしまいました", "ビザが切れたまま日本にいます", "友達がオーバーステイです", "在留期限が切れたまま働いています。不法残留ですよね",
        "オーバーステイです どうしますか", "ビザが きれた まま にほんに います", "わたしは ふほうたいざい です",
        "tôi đang ở quá hạn", "visa hết hạn mấy tháng rồi mà vẫn ở lại", "em bị overstay rồi", "tôi lưu trú bất hợp pháp", "tôi trốn ở lại Nhật 3 năm rồi", "em bị quá hạn visa 2 năm", "bạn tôi cư trú bất hợp pháp muốn về nước", "visa het han 2 nam roi van o nhat",
        "I've been overstaying for 3 years", "overstay 5 years already", "I live here illegally since 2020", "we have no papers since 2021", "my husband is an overstayer", "my visa ran out two years ago and I never went home", "I am undocumented", "living in Japan without a visa for years", "friend is overstaying", "my visa finished long ago and I am hiding", "オーバーステイの友達を助けたい", "三年オーバーです",
        "ビザが切れて2年、まだ日本にいます", "不法に滞在しています", "oobaasutei desu", "ビザなしで住んでいます", "観光で来てそのまま働いています", "2020年から不法滞在です", "オーバーステイして5年", "在留資格なしで暮らしています", "ビザ なし 3ねん", "オーバーステイ して います", "ビザが きれて 2ねん", "ビザ ない まま います",
        "かくれて すんで います", "ながい オーバーステイです", "em ở lậu 3 năm rồi", "o chui", "chồng em quá hạn 2 năm", "tôi ở quá hạn", "em đang ở bất hợp pháp", "overstay 2 năm rồi", "song chui", "em trốn ở lại Nhật", "bạn em ở chui", "o lai bat hop phap",
        "불법체류 3년째예요", "overstay ako ng 3 taon", "TNT ako dito", "म ओभरस्टे छु", "saya overstay 3 tahun", "estou sem visto há 2 anos",
    ],
}  # fmt: skip

NOT_HEARD = {
    "en": [
        "I lost my card", "This paperwork is killing me", "Is my status in danger if I change jobs?", "My phone died, I could not send the photo", "emergency contact on the form",
        "My card was destroyed in a fire", "I beat the deadline by one day", "I was beaten by the deadline", "I want to die in Japan as a permanent resident", "he beat cancer last year", "my husband hit his head and is in hospital", "does immigration keep the passport when I apply", "a car hit me and I lost my wallet and card", "They hit me with a fee of 6000 yen", "DV lottery for the US",
        "Will I be arrested if I lose my card?", "Can I be deported for being late with the address?", "do they arrest you for not carrying the card", "I work at a detention centre as an interpreter",
        "The thief was arrested, do I get my card back?", "I was arrested ten years ago, can I become Japanese?", "A thief took my bag with my passport", "The company took a copy of my passport",
        "Can my husband take my passport to immigration?", "My wife took my passport to the embassy to renew it", "Immigration kept my passport during the application", "my boss took a photo of my residence card",
        "What happens if I overstay?", "I don't want to overstay", "My visa expired but I applied before that", "my old visa expired and I have a new visa", "my passport expired, I am still in Japan with a visa",
        "My residence card expires next month", "the printer at city hall is dead", "my boss is tough but fair", "He is my sponsor and pays for school", "she is married to a Japanese man",
        "I am afraid my application is refused", "my husband will not give me his tax paper", "They did not give me the card at the airport", "he has my address", "they keep my application for three months",
        "we fight about which office to go to", "I am dying to visit home", "the card is out of date", "How long do they keep the papers?", "They locked me in a contract for two years", "my company won't let me leave, can I change jobs", "he works with a knife as a sushi cook",
        "I hurt myself at work, does the company pay", "my package was detained at customs", "I am in a custody battle with my wife", "caught by the police for speeding, is my permanent residence affected",
        "my wife has my passport at home, can she go for me", "my husband took my residence card to work by mistake", "the company took my residence card to apply for the extension", "he kept his residence card after he became Japanese", "They took my old card and gave me a new one", "police took my report", "what if my visa expired while waiting", "I was arrested for speeding, does it affect permanent residence",
        "My husband died, he was killed in an accident", "The company holds my application form", "is it illegal to work 30 hours", "I gave my passport to my lawyer", "he took my passport photo", "my stay ended and I left, now I want to come back", "Does the school hold my certificate until graduation?",
        "Brazil beat us 3-0", "he beat me at chess", "my friend beats me in Mario Kart", "I'm killing time at the station", "the thief was arrested yesterday", "I watched a movie where he kills her", "mosquitoes bit me", "my wife will kill me if I lose the card", "DV lottery result", "can I be arrested if I forget my card", "the embassy keeps my passport for two weeks", "my passport was sent for renewal",
        "the embassy has my passport", "My husband keeps a copy of my passport", "an actor was arrested on the news", "what happens if I get arrested", "in the game someone stabbed me", "my landlord kicked me out", "my dog bit me", "the news hit me hard", "he follows me on Instagram", "unconscious bias training", "are they going to deport me for a late notice", "how much is an ambulance",
        "a suspect was arrested near my house", "my company needs my passport number", "immigration has my passport now", "boss pushed me to apply early", "my employer keeps copies of our residence cards", "I cut myself while cooking", "my son got detention after school", "this overtime is killing me", "the police kept my wallet at the koban", "my boss wants me to kill it at the presentation", "is it legal to keep my passport at home", "My husband won at cards and beat me again at cards",
        "locked myself out of the house", "my phone is locked", "my account was locked", "hotel took my passport at check-in", "I don't want to go out today",
    ],
    "ja": [
        "在留カードをなくしました", "死ぬほど忙しいです", "在留資格が危ないですか", "助けてください、カードを落としました", "申請が殺到していますか", "火事でカードが燃えました", "暴力団員ではないという誓約書は必要ですか",
        "DVDで写真を提出できますか", "太鼓を叩くのが趣味です", "カードをなくしたら逮捕されますか", "届出が遅れたら強制送還されますか", "担当者がなかなか捕まりません", "タクシーが捕まらなくて遅れます", "会場の収容人数を教えてください",
        "犯人が捕まりました。盗まれたカードは戻りますか", "10年前に逮捕されたことがあります。帰化できますか", "パスポートのコピーを会社に渡しました", "会社が在留カードのコピーを持っています", "在留カードを入管に返さないといけませんか",
        "パスポートを入管に預けました", "泥棒にパスポートを取られた", "オーバーステイになったらどうなりますか", "申請中に在留期限が過ぎたらオーバーステイですか", "オーバーステイしたくないので早めに申請したいです", "ビザが来月切れます",
        "パスポートが切れました", "カードの期限が切れました", "夫が亡くなりました", "離婚しました", "会社を辞めさせられました", "犬を虐待", "引っ越しました", "逃げ恥を見ました", "脅威の少ない国", "刃物店で働けますか",
        "社長が親切です", "警察から電話がありました", "店長に怒られました", "夫が死にました", "死亡届はどこに出しますか", "カードを会社に預けました", "スピード違反で捕まりました。永住に影響しますか", "税金からは逃げられないです", "暴力的なゲームを作る会社です", "会社に在留カードを持って行きます", "入管でパスポートを返してくれますか", "夫が在留カードを持っていますが外国に住んでいます", "ボクシングで殴られる仕事の興行ビザ", "ストーカーという映画の撮影で来ました", "包丁の会社で働きます", "在留カードを返してください", "夫が持っているビザは何ですか", "カードを会社に見せました", "虐待防止の相談員として働いています", "学校が卒業証明書を返してくれました",
        "日本に住み続けられますか", "住所を届けられますか", "永住許可を受けられますか",
        "試合で負けました、ボコられた", "肩を叩かれました", "蚊に刺された", "ゲームで殺される", "暇つぶしに", "犯人が逮捕されたニュース", "強盗が捕まった", "逮捕されたらどうなりますか", "大使館がパスポートを預かっています", "パスポートを更新に出しています", "ネットで叩かれた", "犬に噛まれました",
        "時間をつぶす", "刃物を売る店で働きたい", "ビザなしで日本に行けますか", "韓国でオーバーステイした友達", "救急車を呼ぶといくらですか", "釘を刺された", "包丁を買いました", "パスポート番号を会社に教えた", "会社が在留カードの番号を確認します", "渋滞に捕まって遅れます", "日本で死にたい、永住したい", "映画で刺される場面",
        "芸能人が逮捕されたそうです", "オーバーステイにならないようにしたい", "学校が書類を出してくれない", "外国人身分証明書", "仕事を押しつけられた", "税関で荷物が止められた",
    ],
    "ja@simple": [
        "ざいりゅうカードを なくしました", "カードが もえました", "りょこうしに たいへん おかねが いります", "わたしに たいする てがみが きました", "でんしゃの なかで おとしました", "たすけて ください カードが ありません",
        "とどけを つづけられますか", "えいじゅうを うけられますか", "ぎんこうの こうざを あけられません", "しごとを みつけられません", "たんとうの ひとが つかまりません", "タクシーが つかまらない", "ビザが もうすぐ おわります",
        "ビザが きれたら どうなりますか", "オーバーステイに なりますか", "どろぼうに パスポートを とられました", "カードを なくしたら たいほされますか", "おくれたら きょうせいそうかんに なりますか", "かいしゃに パスポートの コピーを わたしました",
        "にゅうかんに パスポートを かえしました", "おっとと りこんしました", "おっとが しにました", "ぼうりょくだんでは ありません と かきますか", "しゃちょうは やさしいです", "スピードいはんで つかまりました。えいじゅうは だいじょうぶですか", "おっとが ざいりゅうカードを もって います", "しゃちょうが ビザを こうしんして くれません", "つかれました", "わたしは けいさつに とどけました", "ひっこしました", "さいふを とられました。ざいりゅうカードも ありません", "たたかいの えいがを みました",
        "にゅうかんに いきたくないです", "みっか まって います", "いつか まって います", "ふつか まっています", "かに さされました", "いぬに かまれた", "えいがで ひとが ころされます", "たいほされたら どうしますか", "どろぼうが つかまりました", "たいしかんに パスポートを あずけました", "ビザなしで りょこうできますか", "サッカーで まけました",
        "ゲームで なぐられました", "きょうせいそうかんに なりますか", "きゅうきゅうしゃは いくらですか", "かいしゃに ざいりゅうカードを みせました", "はんにんが たいほされました", "しけんに うかりました", "たいこを たたきます", "かたを たたかれました", "おっとが けっていしました", "オーバーステイに ならないように したい", "はなしたいです", "さがして います",
        "しんせいを わすれました",
    ],
    "vi": [
        "tôi bị mất thẻ ngoại kiều", "tôi đánh mất thẻ rồi", "thẻ của tôi bị đánh rơi trên tàu", "ví bị đánh cắp, mất cả thẻ", "hồ sơ của tôi bị đánh giá thế nào", "tôi cần đánh máy đơn này không", "tôi đi từ từ được không", "từ từ tôi trả lời",
        "có bắt buộc nộp ảnh không", "tôi bị bắt buộc phải gia hạn à", "tôi bắt đầu làm từ tháng 4", "mất thẻ có bị bắt không", "nộp trễ có bị trục xuất không", "kẻ trộm bị bắt rồi, tôi lấy lại thẻ thế nào", "10 năm trước tôi bị bắt, có nhập tịch được không",
        "công ty giữ bản sao hộ chiếu", "tôi nên giữ hộ chiếu ở đâu", "cục giữ hộ chiếu khi xét hồ sơ à", "hộ chiếu bị trộm lấy mất", "chồng tôi cầm hộ chiếu đi đại sứ quán gia hạn", "nếu ở quá hạn thì sao", "tôi sợ ở quá hạn nên muốn gia hạn sớm",
        "visa sắp hết hạn", "hộ chiếu hết hạn rồi", "visa hết hạn nhưng đã nộp đơn gia hạn", "thẻ hết hạn vì vĩnh trú", "mệt muốn chết vì giấy tờ", "tôi làm lao động phổ thông", "chồng tôi mất rồi", "tôi ly hôn rồi", "chuyển nhà", "nhà cháy, thẻ cháy luôn",
        "đánh dấu vào ô nào", "lo muốn chết vì chưa có kết quả", "giấy tờ hành hạ tôi quá", "chạy quá tốc độ bị bắt, có ảnh hưởng vĩnh trú không", "hồ sơ bị bắt lỗi", "sợ bị quá hạn visa", "vợ tôi cầm thẻ ngoại kiều của tôi lên cục nộp giúp", "chồng tôi giữ hộ chiếu của cả nhà", "visa hết hạn tháng sau, chưa gia hạn", "tôi chưa về nước, visa sắp hết hạn", "giá cả có dao động không", "hộ chiếu hết hạn rồi tôi vẫn ở nhật có visa", "tôi bị cảnh sát hỏi thẻ", "sếp mắng tôi", "chồng tôi giữ thẻ của con", "công ty giữ thẻ bảo hiểm", "bị bắt đóng thuế", "công ty thu phí bao nhiêu", "trường không trả lời email", "nhà chủ cho thuê ở đâu", "tôi bị bắt gặp không mang thẻ", "toi muon gia han visa", "toi danh mat the roi", "di tu tu", "co bat buoc khong",
        "bảo hành tủ quần áo", "tu quan ao bao hanh bao lau", "đội tuyển Việt Nam bị đánh bại", "bị muỗi đốt", "giết thời gian ở ga", "kẻ trộm bị bắt rồi", "phim có cảnh giết người", "chơi game bị bắn chết", "nếu bị bắt thì sao", "không mang thẻ có bị bắt không", "đại sứ quán giữ hộ chiếu của tôi 2 tuần", "hộ chiếu gửi đi gia hạn",
        "em bị bắt nạt ở trường", "sếp bắt làm thêm", "chuan bi tat ca giay to", "da toi Nhat roi", "con đi theo tôi sang Nhật", "vợ đi theo tôi được không", "từ từ em trả lời", "diễn viên bị bắt vì ma túy", "nghe tin ca sĩ bị bắt", "chồng tôi bị bất ngờ", "em ở lâu rồi, 10 năm, xin vĩnh trú", "o lau 10 nam xin vinh tru",
        "bị đánh thức lúc 5 giờ", "mẹ đánh răng cho con", "công ty giữ bản photo hộ chiếu", "giám đốc lấy số hộ chiếu của em", "hộ chiếu để ở đại sứ quán", "sợ bị bắt vì quên thẻ", "muốn ở lại luôn Nhật", "hành lý bị tạm giữ ở hải quan", "nhớ nhà muốn chết", "toi bi giam luong", "em bi giam gio lam", "nghiệp đoàn giữ thế nào",
        "chong danh may don giup em", "mẹ dành cho em", "sếp đánh giá em tốt", "trời nóng quá", "sữa quá hạn 2 tháng", "thẻ ngân hàng hết hạn mấy năm rồi",
    ],
}  # fmt: skip


@cache
def nlu() -> Nlu:
    return load_nlu(ROOT / "locales", load_library(ROOT / "flows"), TAG_OF_FOLDER)


def heard(text: str) -> str | None:
    return nlu()._alarms.find(text)


def test_all_dangers_have_words_in_all_languages_and_an_answer() -> None:
    assert set(load_library(ROOT / "flows").safety) == set(URGENCY) == set(HEARD)
    for folder in FOLDERS:
        data, _ = read_text((ROOT / f"locales/{folder}/phrases.yaml").read_text("utf-8"), folder)
        assert isinstance(data, dict) and set(URGENCY) <= set(data)


@pytest.mark.parametrize("name", URGENCY)
def test_danger_is_heard(name: str) -> None:
    missed = {text: heard(text) for text in HEARD[name] if heard(text) != name}
    assert missed == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_harmless_words_are_not_taken_for_danger(folder: str) -> None:
    false_alarms = {text: heard(text) for text in NOT_HEARD[folder] if heard(text)}
    assert false_alarms == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_people_say_about_procedures_rings_no_alarm(folder: str) -> None:
    data, _ = read_text((ROOT / f"locales/{folder}/phrases.yaml").read_text("utf-8"), folder)
    assert isinstance(data, dict)
    # Of an ended stay and of a divorce people may well speak in words of danger.
    others = {name: one for name, one in data.items() if name not in {*URGENCY, "words"}}
    rung = {
        phrase: heard(str(phrase))
        for name, one in others.items()
        for phrase in (*one.get("phrases", ()), *one.get("exact", ()))
        if heard(str(phrase)) and name not in ("expired", "spouse-lost", "none")
    }
    assert rung == {}


def test_the_first_danger_in_the_order_of_urgency_is_answered() -> None:
    assert heard("my husband beats me and says he will kill me") == "danger"
    assert heard("my boss kicked me and took my passport") == "violence"


@pytest.mark.parametrize("tag", ["en", "ja", "ja-simple", "vi"])
def test_danger_is_heard_in_whatever_language_it_is_written(tag: str) -> None:
    from datetime import date

    for text in ("chồng đánh tôi", "夫に殴られています", "my husband beats me"):
        assert nlu().understand(text, tag, date(2026, 11, 22)).safety == "violence"
    assert nlu().understand("I lost my card", tag, date(2026, 11, 22)).safety is None


def test_very_long_and_strange_texts_do_no_harm() -> None:
    for text in ("", " ", "。。。", "x" * 100_000, "夫に" * 3_000, "\u202e\u0000", "đ" * 5_000):
        heard(text)


@pytest.mark.parametrize("tag", ["en", "ja", "ja-simple", "vi"])
def test_no_label_of_an_answer_rings_an_alarm(tag: str) -> None:
    """Who types the words of a button means the button."""
    from bot.i18n.catalogue import Catalogue

    library = load_library(ROOT / "flows")
    words = Catalogue(ROOT / "locales", library).words(tag)
    labels = [
        option.label
        for flow in library.all_flows
        for question in (*flow.questions.values(), *flow.refine.values())
        for option in question.options
    ]
    labels += [sentence for sentence in library.talk.values() if sentence.button]
    rung = {
        label.address: heard(words.label(label))
        for label in labels
        if not label.params and heard(words.label(label))
    }
    # A button that itself speaks of an arrest may.
    assert {address for address in rung if not address.endswith(".detained")} == set()
